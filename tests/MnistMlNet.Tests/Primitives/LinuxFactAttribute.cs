namespace MnistMlNet.Tests.Primitives;

/// <summary>A test of FIFOs, devices and owners, for which .NET has no API.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Needs Linux: FIFOs, devices and owners are read with statx.";
        }
    }

    /// <summary>Gets or sets whether only root can create what the test needs.</summary>
    public bool NeedsRoot
    {
        get;
        set
        {
            field = value;
            if (value && Skip is null && Environment.UserName != "root")
            {
                Skip = "Needs root, to make a device or to give a file away.";
            }
        }
    }
}
