namespace MnistMlNet.Tests.Trust;

/// <summary>A theory that needs a Unix shell, with its limits and file modes: skipped on Windows, visibly and with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Needs a Unix shell to limit the size of files and to take away rights.";
        }
    }
}
