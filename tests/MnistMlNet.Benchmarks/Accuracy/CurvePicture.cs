using System.Globalization;
using System.Text;

namespace MnistMlNet.Benchmarks.Accuracy;

/// <summary>
/// Test error against hidden units, with and without augmentation, as plain SVG that can be read on light and dark pages.
/// </summary>
internal static class CurvePicture
{
    private const double Left = 70, Right = 610, Top = 30, Bottom = 330;
    private const double MinError = 0.5, MaxError = 16;                          // per cent; the axis is logarithmic

    private static readonly (string Suffix, string Name, string Color)[] s_series = [
        ("", "unchanged", "#0072b2"), ("-augmented", "distorted differently in each epoch", "#d55e00")];

    /// <param name="medians">The median accuracy of a row by its name; null where there is none.</param>
    public static void Write(string path, IReadOnlyList<int> units, Func<string, double?> medians)
    {
        var svg = new StringBuilder();
        void Add(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 390\" role=\"img\"");
        Add($" aria-labelledby=\"t d\" font-family=\"sans-serif\" font-size=\"13\">");
        Add($"<title id=\"t\">MNIST test error against hidden units</title>");
        Add($"<desc id=\"d\">Two falling curves from {units[0]} to {units[^1]} hidden units;");
        Add($"the table next to the picture has the numbers.</desc>");
        Add($"<rect width=\"640\" height=\"390\" fill=\"#ffffff\"/>");
        foreach (double error in (double[])[0.5, 1, 2, 4, 8, 16])
        {
            Add($"<path d=\"M{Left} {Y(error):F1}H{Right}\" stroke=\"#d0d0d0\"/>");
            Add($"<text x=\"{Left - 8}\" y=\"{Y(error) + 4:F1}\" text-anchor=\"end\" fill=\"#333\">{error} %</text>");
        }

        for (int u = 0; u < units.Count; u++)
        {
            Add($"<text x=\"{X(u, units.Count):F1}\" y=\"{Bottom + 20}\" text-anchor=\"middle\" fill=\"#333\">{units[u]}</text>");
        }

        Add($"<text x=\"{(Left + Right) / 2}\" y=\"{Bottom + 44}\" text-anchor=\"middle\" fill=\"#333\">hidden units</text>");
        Add($"<text x=\"{Left}\" y=\"18\" fill=\"#333\">test error, median of seeds</text>");
        for (int s = 0; s < s_series.Length; s++)
        {
            (string suffix, string name, string color) = s_series[s];
            var points = Enumerable.Range(0, units.Count)
                .Select(u => (
                    X: X(u, units.Count),
                    Error: medians($"curve-{units[u]}{suffix}") is { } accuracy ? 100 * (1 - accuracy) : double.NaN))
                .Where(point => !double.IsNaN(point.Error)).ToList();
            string line = string.Join(
                ' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:F1},{Y(point.Error):F1}")));
            Add($"<polyline points=\"{line}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2.5\"/>");
            foreach ((double x, double error) in points)
            {
                Add($"<circle cx=\"{x:F1}\" cy=\"{Y(error):F1}\" r=\"4\" fill=\"{color}\"/>");
            }

            Add($"<text x=\"{Right}\" y=\"{Top + 24 + 20 * s}\" text-anchor=\"end\" fill=\"{color}\" font-weight=\"bold\">{name}</text>");
        }

        svg.Append("</svg>\n");
        File.WriteAllText(path, svg.ToString());
    }

    private static double X(int place, int count) => Left + 20 + (Right - Left - 40) * place / (count - 1);

    private static double Y(double error) =>
        Bottom - (Bottom - Top) * (Math.Log(error) - Math.Log(MinError)) / (Math.Log(MaxError) - Math.Log(MinError));
}
