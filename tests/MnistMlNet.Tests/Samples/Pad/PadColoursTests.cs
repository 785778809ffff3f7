using System.Text.RegularExpressions;
using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>The pad has the colours of the report, with the same meaning; docs/reporting.md describes them.</summary>
public sealed partial class PadColoursTests
{
    private static readonly string s_css = File.ReadAllText(Path.Combine(Repository.Root, "samples", "DigitPad", "wwwroot", "pad.css"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_variables_of_the_page_are_those_of_the_report(bool isDark)
    {
        Palette palette = isDark ? Palette.Dark : Palette.Light;
        Dictionary<string, string> variables = Variables(isDark);

        // The report has panels on a page, the pad has cards on one: on light screens the cards are the lighter ones.
        Assert.Equal(isDark ? palette.Page : palette.Panel, variables["page"]);
        Assert.Equal(isDark ? palette.Panel : palette.Page, variables["card"]);
        Assert.Equal(palette.Ink, variables["text"]);
        Assert.Equal(palette.Muted, variables["quiet"]);
        Assert.Equal(palette.Rule, variables["line"]);
        Assert.Equal(palette.Accent, variables["accent"]);
        Assert.Equal(palette.Second, variables["second"]);
    }

    [Fact]
    public void Weights_have_the_colours_of_the_report_on_every_screen()
    {
        Assert.Equal(Palette.Positive, Variables(isDark: false)["positive"]);
        Assert.Equal(Palette.Negative, Variables(isDark: false)["negative"]);
        Assert.DoesNotContain("positive", Variables(isDark: true).Keys);
        Assert.DoesNotContain("negative", Variables(isDark: true).Keys);
    }

    [Fact]
    public void Rules_use_the_variables_and_the_page_on_colours_has_the_values()
    {
        string rules = s_css[s_css.IndexOf("* { box-sizing", StringComparison.Ordinal)..];
        Assert.Equal(["#000"], Colour().Matches(rules).Select(match => match.Value));    // the background of the network's input: black

        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reporting.md"));
        Assert.Contains($"`{Palette.Positive}` and `{Palette.Negative}`", page, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Variables(bool isDark)
    {
        string[] parts = s_css.Split("@media (prefers-color-scheme: dark)");
        string part = isDark ? parts[1][..parts[1].IndexOf("* {", StringComparison.Ordinal)] : parts[0];
        return Variable().Matches(part).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
    }

    [GeneratedRegex(@"--([a-z-]+): (#[0-9a-f]{6});")]
    private static partial Regex Variable();

    [GeneratedRegex(@"#[0-9a-f]{3,6}\b(?=[;\s])|rgb[a]?\(")]
    private static partial Regex Colour();
}
