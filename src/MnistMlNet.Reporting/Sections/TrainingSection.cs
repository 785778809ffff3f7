using MnistMlNet.Reporting.Charts;
using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting.Sections;

/// <summary>The curves of the training, and its epochs as a table.</summary>
internal static class TrainingSection
{
    public static void Write(HtmlWriter html, ReportContent content)
    {
        if (content.Epochs.Count == 0)
        {
            html.Element("p", "The model has no history of a training: its parameters were given.");
            return;
        }

        TrainingHistory history = content.Network.History!;
        string best = history.BestEpoch > 0 && history.BestEpoch < content.Epochs.Count ? $" The best epoch was {history.BestEpoch}." : "";
        string unit = content.Result is NumberResult ? " The loss is that of standardized targets." : " The loss is the mean cross-entropy "
            + "in nats.";
        html.Element("p", $"{history.StopDescription}{best}{unit} Training values are measured during each epoch, test values once, after "
            + "training. If validation or test are much worse, the network overfits.");
        html.Element("div", () =>
        {
            Chart("Loss", CurveChart.OfLoss(content.Epochs, content.Result.Loss));
            if (Second(content) is { } chart)
            {
                Chart(content.Result is NumberResult ? "RMSE" : "Accuracy", chart);
            }
        }, ("class", "charts"));
        html.Element("details", () =>
        {
            html.Element("summary", "All epochs as a table");
            WriteEpochs(html, content.Epochs);
        });

        void Chart(string heading, CurveChart chart) => html.Element("div", () =>
        {
            html.Element("h3", heading);
            chart.Write(html);
        });
    }

    private static CurveChart? Second(ReportContent content)
    {
        if (content.Result is NumberResult numbers)
        {
            return new CurveChart
            {
                Id = "rmse",
                Title = "RMSE by epoch",
                Epochs = content.Epochs,
                Training = epoch => epoch.TrainRootMeanSquaredError,
                Validation = epoch => epoch.ValidationRootMeanSquaredError,
                Test = numbers.RootMeanSquaredError,
                Format = PageNumber.Measure,
                FromZero = true,
            };
        }

        return double.IsNaN(content.Epochs[0].TrainAccuracy) ? null : new CurveChart
        {
            Id = "accuracy",
            Title = "Accuracy by epoch",
            Epochs = content.Epochs,
            Training = epoch => epoch.TrainAccuracy,
            Validation = epoch => epoch.ValidationAccuracy,
            Test = content.Result switch
            {
                ClassResult classes => new ClassScores(classes.Confusion).Accuracy,
                LabelResult labels => labels.Accuracy,
                _ => null,
            },
            Format = value => $"{100 * value:0.##} %",
            FromZero = false,
        };
    }

    private static void WriteEpochs(HtmlWriter html, IReadOnlyList<TrainingEpoch> epochs)
    {
        (string Name, Func<TrainingEpoch, double?> Value, Func<double, string> Format)[] columns =
        [
            .. new (string Name, Func<TrainingEpoch, double?> Value, Func<double, string> Format)[]
            {
                ("loss", epoch => epoch.TrainLoss, value => $"{value:F4}"),
                ("training accuracy", epoch => epoch.TrainAccuracy, value => PageNumber.Percent(value, 2)),
                ("RMSE", epoch => epoch.TrainRootMeanSquaredError, PageNumber.Measure),
                ("validation loss", epoch => epoch.ValidationLoss, value => $"{value:F4}"),
                ("validation accuracy", epoch => epoch.ValidationAccuracy, value => PageNumber.Percent(value, 2)),
                ("validation RMSE", epoch => epoch.ValidationRootMeanSquaredError, PageNumber.Measure),
                ("learning rate", epoch => epoch.LearningRate, value => $"{value:G3}"),
                ("seconds", epoch => epoch.Elapsed.TotalSeconds, value => $"{value:F2}"),
            }.Where(column => epochs.Any(epoch => column.Value(epoch) is { } value && !double.IsNaN(value))),
        ];
        HtmlTable.WriteNumbers(
            html, "epochs", "All epochs", ["epoch", .. columns.Select(column => column.Name)],
            epochs.Select(epoch => (string[])[
                $"{epoch.Epoch}",
                .. columns.Select(column => column.Value(epoch) is { } value ? column.Format(value) : "–")]),
            bars: []);
    }
}
