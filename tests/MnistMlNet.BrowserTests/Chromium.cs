namespace MnistMlNet.BrowserTests;

/// <summary>The browser that the tests need.</summary>
internal static class Chromium
{
    public const string Path = "/usr/bin/chromium";

    /// <summary>The reason to skip the tests; null where they can run, or must run.</summary>
    public static string? ReasonToSkip { get; } = File.Exists(Path) || Environment.GetEnvironmentVariable("MNISTMLNET_NO_SKIP") == "1"
        ? null
        : $"Needs Debian's package chromium: there is no '{Path}'.";
}
