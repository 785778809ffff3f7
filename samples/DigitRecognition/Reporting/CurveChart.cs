using MnistMlNet;

namespace DigitRecognition.Reporting;

/// <summary>Draws a quantity of each epoch as a line in SVG, with a horizontal line for the test value.</summary>
internal sealed class CurveChart
{
    private const double Width = 420;
    private const double Height = 250;
    private const double Left = 44;
    private const double Right = 110;
    private const double Top = 10;
    private const double Bottom = 36;
    private const double LabelHeight = 15;
    private const int MaxDots = 40;

    /// <summary>The prefix of the drawing's identifiers, unique on the page.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>The description of the chart, in words.</summary>
    public required string Description { get; init; }

    public required IReadOnlyList<TrainingEpoch> Epochs { get; init; }

    public required Func<TrainingEpoch, double> Training { get; init; }

    public required Func<TrainingEpoch, double?> Validation { get; init; }

    public required double Test { get; init; }

    public required Func<double, string> Format { get; init; }

    /// <summary>Whether the axis begins at 0, as for a loss; otherwise it begins one step below the minimum.</summary>
    public required bool FromZero { get; init; }

    private double LastEpoch => Math.Max(2, Epochs.Count);

    public void Write(HtmlWriter html)
    {
        double[] validation = [.. Epochs.Select(epoch => Validation(epoch) ?? double.NaN)];
        double[] training = [.. Epochs.Select(Training)];
        double[] all = [.. training.Concat(validation).Append(Test).Where(double.IsFinite)];
        AxisTicks ticks = AxisTicks.Of(FromZero ? 0 : all.Min(), all.Max());

        html.Element("svg", () =>
        {
            html.Element("title", Title, ("id", $"{Id}-title"));
            html.Element("desc", Description, ("id", $"{Id}-desc"));
            WriteAxes(html, ticks);
            WriteLine(html, training, ticks, "line s0");
            WriteDots(html, training, ticks);
            WriteLine(html, validation, ticks, "line s1");
            double testY = Y(Test, ticks);
            html.Empty("line", ("class", "grid s1"), ("x1", $"{Left}"), ("x2", $"{Width - Right}"), ("y1", Text(testY)),
                ("y2", Text(testY)), ("stroke-width", "1.5"), ("stroke-dasharray", "2 4"));
            WriteLabels(html, ticks, training, validation);
        }, ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-labelledby", $"{Id}-title {Id}-desc"));
    }

    private static string Text(double value) => PageNumber.Position(value);

    private static double Y(double value, AxisTicks ticks) =>
        Top + ((ticks.Max - value) / (ticks.Max - ticks.Min) * (Height - Top - Bottom));

    private double X(double epoch) => Left + ((epoch - 1) / (LastEpoch - 1) * (Width - Left - Right));

    private void WriteAxes(HtmlWriter html, AxisTicks ticks)
    {
        foreach (double value in ticks.Values)
        {
            string y = Text(Y(value, ticks));
            html.Empty("line", ("class", "grid"), ("x1", $"{Left}"), ("x2", $"{Width - Right}"), ("y1", y), ("y2", y));
            html.Element("text", Format(value), ("x", $"{Left - 6}"), ("y", Text(Y(value, ticks) + 4)), ("text-anchor", "end"));
        }

        double[] epochs = [
            1, .. AxisTicks.Of(1, LastEpoch).Values.Where(value => value > 1 && value <= LastEpoch && value == Math.Floor(value))];
        foreach (double epoch in epochs)
        {
            html.Element("text", $"{epoch}", ("x", Text(X(epoch))), ("y", $"{Height - Bottom + 16}"), ("text-anchor", "middle"));
        }

        html.Element("text", "epoch", ("x", Text((Left + Width - Right) / 2)), ("y", $"{Height - 4}"), ("text-anchor", "middle"));
    }

    private void WriteLine(HtmlWriter html, double[] values, AxisTicks ticks, string style)
    {
        string points = string.Join(' ', values.Index().Where(item => double.IsFinite(item.Item)).Select(item =>
            $"{Text(X(item.Index + 1))},{Text(Y(item.Item, ticks))}"));
        if (points.Length > 0)
        {
            html.Empty("polyline", ("class", style), ("points", points));
        }
    }

    // With few epochs, points with tooltips; with many, the points would hide the line.
    private void WriteDots(HtmlWriter html, double[] values, AxisTicks ticks)
    {
        for (int i = 0; i < values.Length && values.Length <= MaxDots; i++)
        {
            string text = $"epoch {i + 1}: {Format(values[i])}";
            html.Element("circle", () =>
                html.Element("title", text), ("class", "dot"), ("r", "3.5"), ("cx", Text(X(i + 1))), ("cy", Text(Y(values[i], ticks))));
        }
    }

    // Labels at the ends of the lines, so that no legend is needed; moved apart where the lines end close together.
    private void WriteLabels(HtmlWriter html, AxisTicks ticks, double[] training, double[] validation)
    {
        List<(double Y, string Text, string Style)> labels = [];
        Add("training", training.LastOrDefault(double.NaN), "t0");
        Add("validation", validation.LastOrDefault(double.NaN), "t1");
        Add("test", Test, "t1");
        double last = double.NegativeInfinity;
        foreach ((double y, string text, string style) in labels.OrderBy(label => label.Y))
        {
            last = Math.Max(y, last + LabelHeight);
            html.Element("text", text, ("class", style), ("x", Text(Width - Right + 8)), ("y", Text(last + 4)));
        }

        void Add(string name, double value, string style)
        {
            if (double.IsFinite(value))
            {
                labels.Add((Y(value, ticks), $"{name} {Format(value)}", style));
            }
        }
    }
}
