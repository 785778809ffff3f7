using System.Globalization;

namespace MnistMlNet.Reporting.Html;

/// <summary>The colours of weights: blue above 0 and orange below.</summary>
internal static class WeightColours
{
    // Indices 0 to 2 × Steps of a picture's palette; the middle is a weight of 0, which is fully transparent.
    private const int Steps = 24;

    // A few weights at the border of images are far larger than the rest, and would make all others nearly invisible.
    private const double ShownFraction = 0.995;

    /// <summary>The palette. It uses transparency instead of mixing with white, so that 0 is the page's own colour.</summary>
    public static (byte R, byte G, byte B, byte Alpha)[] Palette { get; } =
        [.. Enumerable.Range(-Steps, (2 * Steps) + 1).Select(step =>
        {
            string colour = step < 0 ? Html.Palette.Negative : Html.Palette.Positive;
            return (Channel(colour, 1), Channel(colour, 3), Channel(colour, 5), (byte)(255 * Math.Abs(step) / Steps));
        })];

    /// <summary>
    /// The palette's index for a weight: 0 for <c>-limit</c> and below, the middle index for 0, the last index for <c>limit</c> and above.
    /// </summary>
    public static byte IndexOf(float weight, float limit) => (byte)(Steps + Math.Round(Math.Clamp(weight / limit, -1, 1) * Steps));

    /// <summary>The size from which weights have the full colour.</summary>
    public static float LimitOf(IEnumerable<float> weights)
    {
        float[] sizes = [.. weights.Select(Math.Abs).Order()];
        return Math.Max(sizes[(int)(ShownFraction * (sizes.Length - 1))], float.Epsilon);
    }

    /// <summary>A coloured picture of weights as the address of an image.</summary>
    public static string Picture(IEnumerable<float> weights, int width, float limit) =>
        PngImage.Address(PngImage.OfColours([.. weights.Select(weight => IndexOf(weight, limit))], width, Palette));

    /// <summary>Writes which colour stands for which sign.</summary>
    public static void WriteKeys(HtmlWriter html, string limit)
    {
        Key(Html.Palette.Positive, "blue");
        html.Text($" stands for positive weights, the strongest colour for {limit} and more; ");
        Key(Html.Palette.Negative, "orange");
        html.Text(" stands for negative weights; weights near 0 are transparent.");

        void Key(string colour, string name)
        {
            html.Empty("span", ("class", "key"), ("style", $"background:{colour}"), ("aria-hidden", "true"));
            html.Text(" " + name);
        }
    }

    private static byte Channel(string colour, int index) =>
        byte.Parse(colour.AsSpan(index, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
