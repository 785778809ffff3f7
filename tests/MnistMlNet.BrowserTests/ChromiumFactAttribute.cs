namespace MnistMlNet.BrowserTests;

/// <summary>
/// A test in the browser of Debian's package chromium: where it isn't installed the test is skipped, visibly and with the reason.
/// </summary>
/// <remarks>With the environment variable MNISTMLNET_NO_SKIP=1, as a complete run sets it, it isn't skipped, and fails instead.</remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Chromium.ReasonToSkip;
}
