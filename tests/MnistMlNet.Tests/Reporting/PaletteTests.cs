using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Tests.Reporting;

public sealed class PaletteTests
{
    public static TheoryData<bool> Screens => [false, true];

    [Fact]
    public void The_contrast_formula_gives_the_values_of_WCAG_2()
    {
        Assert.Equal(21, Contrast("#000000", "#ffffff"), 1e-9);
        Assert.Equal(1, Contrast("#123456", "#123456"), 1e-9);

        // The well-known greys at the WCAG limit: one just too light on white, and one that just passes.
        Assert.Equal(4.48, Contrast("#777777", "#ffffff"), 0.005);
        Assert.Equal(4.54, Contrast("#767676", "#ffffff"), 0.005);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public void Text_has_a_contrast_of_4_5_to_1_with_its_background(bool isDark)
    {
        Palette palette = Of(isDark);
        ColourPair[] pairs =
        [
            .. from text in new[] { palette.Ink, palette.Muted, palette.Accent, palette.Second }
               from background in new[] { palette.Page, palette.Panel }
               select new ColourPair(text, background),
            .. palette.Wrong,
            .. palette.Right,
        ];

        Assert.Equal((4 * 2) + 5 + 3, pairs.Length);
        Assert.All(pairs, pair =>
            Assert.True(Contrast(pair.Text, pair.Background) >= 4.5, $"{pair} has {Contrast(pair.Text, pair.Background):F2}"));
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public void Lines_and_weights_have_a_contrast_of_3_to_1_with_the_page(bool isDark)
    {
        Palette palette = Of(isDark);
        Assert.All(
            [palette.Accent, palette.Second, Palette.Positive, Palette.Negative],
            colour =>
                Assert.True(Contrast(colour, palette.Page) >= 3, $"{colour} on {palette.Page} has {Contrast(colour, palette.Page):F2}"));
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public void The_sign_of_a_weight_is_shown_by_blue_against_red_not_by_green(bool isDark)
    {
        // With red-green blindness, the difference between blue and the other channels remains; it must have the opposite sign for the two
        // colours.
        Assert.True(Blueness(Palette.Positive) > 50 && Blueness(Palette.Negative) < -50);
        Assert.True(Blueness(Of(isDark).Right[^1].Background) > 50 && Blueness(Of(isDark).Wrong[^1].Background) < -50);
    }

    [Fact]
    public void Every_colour_of_the_style_sheet_is_one_of_the_palette()
    {
        Assert.All(
            [StyleSheet.Css[StyleSheet.Css.IndexOf("*{", StringComparison.Ordinal)..],
                StyleSheet.SvgCss[StyleSheet.SvgCss.IndexOf("svg text", StringComparison.Ordinal)..]],
            rules =>
            {
                Assert.DoesNotContain('#', rules);
                Assert.DoesNotContain("rgb", rules, StringComparison.Ordinal);
            });
    }

    private static Palette Of(bool isDark) => isDark ? Palette.Dark : Palette.Light;

    private static int Blueness(string colour) => Channel(colour, 5) - Channel(colour, 1);

    // https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio and #dfn-relative-luminance
    private static double Contrast(string one, string other)
    {
        (double a, double b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour) =>
        (0.2126 * Linear(Channel(colour, 1))) + (0.7152 * Linear(Channel(colour, 3))) + (0.0722 * Linear(Channel(colour, 5)));

    private static double Linear(int channel) =>
        channel / 255d <= 0.04045 ? channel / 255d / 12.92 : Math.Pow(((channel / 255d) + 0.055) / 1.055, 2.4);

    private static int Channel(string colour, int index) => Convert.ToInt32(colour.Substring(index, 2), 16);
}
