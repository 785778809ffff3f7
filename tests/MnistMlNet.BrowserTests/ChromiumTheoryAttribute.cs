namespace MnistMlNet.BrowserTests;

/// <summary>As <see cref="ChromiumFactAttribute"/>, for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = Chromium.ReasonToSkip;
}
