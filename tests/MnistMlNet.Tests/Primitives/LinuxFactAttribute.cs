namespace MnistMlNet.Tests.Primitives;

/// <summary>A test of FIFOs, devices and owners, which .NET knows nothing of.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Needs Linux: FIFOs, devices and owners are told by statx.";
        }
    }

    /// <summary>Gets or sets whether only root can make what the test needs.</summary>
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
