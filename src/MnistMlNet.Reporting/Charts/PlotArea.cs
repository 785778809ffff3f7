using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Reporting.Charts;

/// <summary>The axes of a drawing, and the place of values in it.</summary>
internal sealed class PlotArea
{
    public const double Width = 420;
    public const double Height = 250;
    public const double Left = 52;
    private const double Top = 10;
    private const double Bottom = 36;

    /// <summary>The space to the right of the axes, for labels.</summary>
    public required double Right { get; init; }

    /// <summary>The values at the left and the right end.</summary>
    public required (double Min, double Max) X { get; init; }

    public required IReadOnlyList<double> XTicks { get; init; }

    public required AxisTicks YTicks { get; init; }

    public required string XTitle { get; init; }

    public required Func<double, string> FormatX { get; init; }

    public required Func<double, string> FormatY { get; init; }

    /// <summary>Writes a drawing with a title and a description for readers who can't see it.</summary>
    /// <param name="isFile">Whether the drawing is a file of its own, and so needs its name space and its colours.</param>
    public static void WriteDrawing(
        HtmlWriter html, string id, string title, string description, double width, double height, bool isFile, Action content)
    {
        (string, string)[] ofFile = isFile
            ? [("xmlns", "http://www.w3.org/2000/svg"), ("width", $"{width}"), ("height", $"{height}")] : [];
        html.Element("svg", () =>
        {
            html.Element("title", title, ("id", $"{id}-title"));
            html.Element("desc", description, ("id", $"{id}-desc"));
            if (isFile)
            {
                html.Element("style", () => html.Raw(StyleSheet.SvgCss));
                html.Empty("rect", ("class", "page"), ("width", $"{width}"), ("height", $"{height}"));
            }

            content();
        }, [.. ofFile, ("viewBox", $"0 0 {width} {height}"), ("role", "img"), ("aria-labelledby", $"{id}-title {id}-desc")]);
    }

    /// <summary>The horizontal place of a value.</summary>
    public double PlaceX(double value) => Left + ((value - X.Min) / (X.Max - X.Min) * (Width - Left - Right));

    /// <summary>The vertical place of a value.</summary>
    public double PlaceY(double value) => Top + ((YTicks.Max - value) / (YTicks.Max - YTicks.Min) * (Height - Top - Bottom));

    public void WriteAxes(HtmlWriter html)
    {
        foreach (double value in YTicks.Values)
        {
            WriteHorizontal(html, value, "grid");
            html.Element("text", FormatY(value), ("x", $"{Left - 6}"), ("y", Text(PlaceY(value) + 4)), ("text-anchor", "end"));
        }

        foreach (double value in XTicks)
        {
            html.Element("text", FormatX(value), ("x", Text(PlaceX(value))), ("y", $"{Height - Bottom + 16}"), ("text-anchor", "middle"));
        }

        html.Element(
            "text", XTitle, ("x", Text((Left + Width - Right) / 2)), ("y", $"{Height - 4}"), ("text-anchor", "middle"));
    }

    /// <summary>A line over the whole width.</summary>
    public void WriteHorizontal(HtmlWriter html, double value, params ReadOnlySpan<string> classes)
    {
        string y = Text(PlaceY(value));
        html.Empty("line", ("class", string.Join(' ', classes!)), ("x1", $"{Left}"), ("x2", $"{Width - Right}"), ("y1", y), ("y2", y));
    }

    /// <summary>A line through points; none if there are none.</summary>
    public void WriteLine(HtmlWriter html, IEnumerable<(double X, double Y)> points, string style)
    {
        string places = string.Join(' ', points.Select(point => $"{Text(PlaceX(point.X))},{Text(PlaceY(point.Y))}"));
        if (places.Length > 0)
        {
            html.Empty("polyline", ("class", style), ("points", places));
        }
    }

    /// <summary>A point that shows a text where a mouse rests on it.</summary>
    public void WriteDot(HtmlWriter html, double x, double y, double radius, string style, string text) => html.Element(
        "circle", () => html.Element("title", text),
        ("class", style), ("r", Text(radius)), ("cx", Text(PlaceX(x))), ("cy", Text(PlaceY(y))));

    private static string Text(double value) => PageNumber.Position(value);
}
