using System.Globalization;
using MnistMlNet;

namespace DigitRecognition.Reporting;

/// <summary>The input weights of each hidden unit as a picture, blue above 0 and orange below.</summary>
internal static class WeightGallery
{
    private const int MaxUnits = 64;

    // Indices 0 to 2 × Steps of the picture's palette; the middle is a weight of 0, which is fully transparent.
    private const int Steps = 24;

    // A few weights at the border are far larger than the rest, and would make all others nearly invisible.
    private const double ShownShare = 0.995;

    public static void Write(HtmlWriter html, TwoLayerNetworkModelParameters network, IReadOnlyList<string> classNames)
    {
        if (SquareImage.Side(network.InputCount) is not int side)
        {
            html.Element("p", $"The {network.InputCount} inputs form no square, so there is no picture to draw.");
            return;
        }

        HiddenUnit[] units = Shown(network);
        HiddenUnit strongest = units.MaxBy(unit => unit.Strength)!;
        float limit = Limit(units);
        WriteLegend(html, limit, units.Length, network.HiddenUnits);
        var palette = CreatePalette();
        html.Element("ul", () =>
        {
            foreach (HiddenUnit unit in units)
            {
                html.Line();
                html.Element("li", () => html.Element("figure", () => WriteOne(html, unit, Votes(unit), side, limit, palette)));
            }
        }, ("class", "pictures"), ("id", "units"));

        string Votes(HiddenUnit unit) =>
            unit.IsAlive(strongest) ? $"for {Names(unit.For())}, against {Names(unit.Against())}" : "almost no effect";
        string Names(int[] labels) => string.Join(" and ", labels.Select(label => classNames[label]));
    }

    /// <summary>
    /// The palette's index for a weight: 0 for <c>-limit</c> and below, the middle index for 0, the last index for <c>limit</c> and above.
    /// </summary>
    public static byte ColourIndex(float weight, float limit) => (byte)(Steps + Math.Round(Math.Clamp(weight / limit, -1, 1) * Steps));

    private static void WriteOne(HtmlWriter html, HiddenUnit unit, string votes, int side, float limit,
        (byte R, byte G, byte B, byte Alpha)[] palette)
    {
        byte[] pixels = [.. unit.Weights.ToArray().Select(weight => ColourIndex(weight, limit))];
        (float min, float max) = (unit.Weights.ToArray().Min(), unit.Weights.ToArray().Max());
        html.Empty("img", ("src", PngImage.Address(PngImage.OfColours(pixels, side, palette))), ("width", $"{side}"), ("height", $"{side}"),
            ("alt", $"Weights of hidden unit {unit.Index}, from {min:F2} to {max:F2}; {votes}"));
        html.Element("figcaption", () =>
        {
            html.Element("b", $"unit {unit.Index}");
            html.Empty("br");
            html.Text(votes);
        });
    }

    private static HiddenUnit[] Shown(TwoLayerNetworkModelParameters network) =>
    [
        .. Enumerable.Range(0, network.HiddenUnits)
            .Select(index => new HiddenUnit(network, index))
            .OrderByDescending(unit => unit.Strength)
            .Take(MaxUnits)
            .OrderBy(unit => unit.Index),
    ];

    private static float Limit(HiddenUnit[] units)
    {
        float[] sizes = [.. units.SelectMany(unit => unit.Weights.ToArray()).Select(Math.Abs).Order()];
        return Math.Max(sizes[(int)(ShownShare * (sizes.Length - 1))], float.Epsilon);
    }

    private static void WriteLegend(HtmlWriter html, float limit, int shown, int all) => html.Element("p", () =>
    {
        string which = shown < all ? $"The {shown} strongest of {all} units. " : "";
        html.Text($"{which}One scale for all pictures: ");
        Key(Palette.Positive, "blue");
        html.Text($" pixels have positive weights, up to {limit:F2} and more; ");
        Key(Palette.Negative, "orange");
        html.Text($" ones have negative weights, down to {-limit:F2} and less; transparent ones have weights near 0.");

        void Key(string colour, string name)
        {
            html.Empty("span", ("class", "key"), ("style", $"background:{colour}"), ("aria-hidden", "true"));
            html.Text(" " + name);
        }
    });

    // Uses transparency instead of mixing with white, so that 0 is the page's own colour on light and on dark screens.
    private static (byte R, byte G, byte B, byte Alpha)[] CreatePalette() =>
        [.. Enumerable.Range(-Steps, (2 * Steps) + 1).Select(step =>
        {
            string colour = step < 0 ? Palette.Negative : Palette.Positive;
            return (Channel(colour, 1), Channel(colour, 3), Channel(colour, 5), (byte)(255 * Math.Abs(step) / Steps));
        })];

    private static byte Channel(string colour, int index) =>
        byte.Parse(colour.AsSpan(index, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
