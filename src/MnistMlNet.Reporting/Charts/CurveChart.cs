using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Reporting.Charts;

/// <summary>Draws a quantity of each epoch as a line in SVG, with a horizontal line for the test value.</summary>
internal sealed class CurveChart
{
    private const double LabelHeight = 15;
    private const int MaxDots = 40;

    /// <summary>The prefix of the drawing's identifiers, unique on the page.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required IReadOnlyList<TrainingEpoch> Epochs { get; init; }

    public required Func<TrainingEpoch, double?> Training { get; init; }

    public required Func<TrainingEpoch, double?> Validation { get; init; }

    /// <summary>The value of the test rows; null for none.</summary>
    public double? Test { get; init; }

    public required Func<double, string> Format { get; init; }

    /// <summary>Whether the axis begins at 0, as for a loss; otherwise it begins one step below the minimum.</summary>
    public required bool FromZero { get; init; }

    private double LastEpoch => Math.Max(2, Epochs.Count);

    /// <summary>The chart of the loss.</summary>
    /// <param name="epochs">At least one.</param>
    /// <param name="test">The loss of the test rows; null for none.</param>
    public static CurveChart OfLoss(IReadOnlyList<TrainingEpoch> epochs, double? test) => new()
    {
        Id = "loss",
        Title = "Loss by epoch",
        Epochs = epochs,
        Training = epoch => epoch.TrainLoss,
        Validation = epoch => epoch.ValidationLoss,
        Test = test,
        Format = PageNumber.Measure,
        FromZero = true,
    };

    public void Write(HtmlWriter html, bool isFile = false)
    {
        double[] validation = [.. Epochs.Select(epoch => Validation(epoch) ?? double.NaN)];
        double[] training = [.. Epochs.Select(epoch => Training(epoch) ?? double.NaN)];
        double[] all = [.. training.Concat(validation).Append(Test ?? double.NaN).Where(double.IsFinite)];
        double[] ticks = [
            1, .. AxisTicks.Of(1, LastEpoch).Values.Where(value => value > 1 && value <= LastEpoch && value == Math.Floor(value))];
        var plot = new PlotArea
        {
            Right = 118,
            X = (1, LastEpoch),
            XTicks = ticks,
            YTicks = all.Length == 0 ? AxisTicks.Of(0, 1) : AxisTicks.Of(Bottom(all), all.Max()),
            XTitle = "epoch",
            FormatX = value => $"{value}",
            FormatY = Format,
        };
        PlotArea.WriteDrawing(html, Id, Title, Description(training, validation), PlotArea.Width, PlotArea.Height, isFile, () =>
        {
            plot.WriteAxes(html);
            plot.WriteLine(html, Points(training), "line s0");
            for (int i = 0; i < training.Length && training.Length <= MaxDots; i++)
            {
                if (double.IsFinite(training[i]))
                {
                    plot.WriteDot(html, i + 1, training[i], 3.5, "dot", $"epoch {i + 1}: {Format(training[i])}");
                }
            }

            plot.WriteLine(html, Points(validation), "line s1");
            if (Test is { } test && double.IsFinite(test))
            {
                plot.WriteHorizontal(html, test, "test", "s1");
            }

            WriteLabels(html, plot, training, validation);
        });
    }

    // An axis of an accuracy that is 100 % in each epoch must not go beyond it.
    private double Bottom(double[] all) => FromZero ? Math.Min(0, all.Min())
        : all.Min() < all.Max() ? all.Min() : all.Min() - (0.1 * Math.Abs(all.Min()));

    private static IEnumerable<(double, double)> Points(double[] values) =>
        values.Index().Where(item => double.IsFinite(item.Item)).Select(item => (item.Index + 1d, item.Item));

    private string Description(double[] training, double[] validation)
    {
        string ofValidation = validation.Any(double.IsFinite) ? $"; validation {Format(validation[^1])} at the end" : "";
        string ofTest = Test is { } test && double.IsFinite(test) ? $"; test {Format(test)}" : "";
        return $"Training: from {Format(training[0])} in epoch 1 to {Format(training[^1])} in epoch {training.Length}"
            + $"{ofValidation}{ofTest}.";
    }

    // Labels at the ends of the lines, so that no legend is needed; moved apart where the lines end close together.
    private void WriteLabels(HtmlWriter html, PlotArea plot, double[] training, double[] validation)
    {
        List<(double Y, string Text, string Style)> labels = [];
        Add("training", training.LastOrDefault(double.NaN), "t0");
        Add("validation", validation.LastOrDefault(double.NaN), "t1");
        Add("test", Test ?? double.NaN, "t1");
        labels = [.. labels.OrderBy(label => label.Y)];
        double[] places = new double[labels.Count];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = i == 0 ? labels[i].Y : Math.Max(labels[i].Y, places[i - 1] + LabelHeight);
        }

        // The numbers of the epochs are below the lowest value.
        double limit = plot.PlaceY(plot.YTicks.Min) - 4;
        for (int i = places.Length - 1; i >= 0; i--, limit -= LabelHeight)
        {
            places[i] = Math.Min(places[i], limit);
            html.Element("text", labels[i].Text, ("class", labels[i].Style),
                ("x", PageNumber.Position(PlotArea.Width - plot.Right + 8)), ("y", PageNumber.Position(places[i] + 4)));
        }

        void Add(string name, double value, string style)
        {
            if (double.IsFinite(value))
            {
                labels.Add((plot.PlaceY(value), $"{name} {Format(value)}", style));
            }
        }
    }
}
