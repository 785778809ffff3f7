using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Reporting.Charts;

/// <summary>Draws pairs of numbers as points in SVG, with a line where they would be without error.</summary>
internal sealed class ScatterChart
{
    /// <summary>More points would make the page large, and hide each other.</summary>
    private const int MaxPoints = 800;

    /// <summary>The prefix of the drawing's identifiers, unique on the page.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Description { get; init; }

    public required string XTitle { get; init; }

    public required IReadOnlyList<(double X, double Y, string Text)> Points { get; init; }

    /// <summary>Whether points without error are on the diagonal; otherwise at height 0.</summary>
    public required bool IsDiagonal { get; init; }

    public void Write(HtmlWriter html)
    {
        double[] xs = [.. Points.Select(point => point.X)], ys = [.. Points.Select(point => point.Y)];
        AxisTicks x = AxisTicks.Of(xs.Min(), xs.Max());
        AxisTicks y = IsDiagonal ? AxisTicks.Of(Math.Min(ys.Min(), x.Min), Math.Max(ys.Max(), x.Max))
            : AxisTicks.Of(Math.Min(0, ys.Min()), Math.Max(0, ys.Max()));
        var plot = new PlotArea
        {
            Right = 12,
            X = (x.Min, x.Max),
            XTicks = x.Values,
            YTicks = y,
            XTitle = XTitle,
            FormatX = PageNumber.Measure,
            FormatY = PageNumber.Measure,
        };
        PlotArea.WriteDrawing(html, Id, Title, Description, PlotArea.Width, PlotArea.Height, isFile: false, () =>
        {
            plot.WriteAxes(html);
            int shown = Math.Min(Points.Count, MaxPoints);
            for (int i = 0; i < shown; i++)
            {
                (double pointX, double pointY, string text) = Points[(int)((long)i * Points.Count / shown)];
                plot.WriteDot(html, pointX, pointY, 2.5, "point", text);
            }

            plot.WriteLine(html, IsDiagonal ? [(x.Min, x.Min), (x.Max, x.Max)] : [(x.Min, 0), (x.Max, 0)], "ideal");
        });
    }
}
