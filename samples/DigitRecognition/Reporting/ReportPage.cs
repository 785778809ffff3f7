using MnistMlNet;

namespace DigitRecognition.Reporting;

/// <summary>The report as one HTML page without external resources: no script, no font, no picture from elsewhere.</summary>
internal static class ReportPage
{
    public static string Write(ReportContent content)
    {
        HtmlWriter html = new();
        html.Raw("<!DOCTYPE html>\n");
        html.Element("html", () =>
        {
            html.Element("head", () =>
            {
                html.Empty("meta", ("charset", "utf-8"));
                html.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
                html.Element("title", $"What the network learned: {Accuracy(content)} on {Digits(content):N0} digits");
                html.Element("style", () => html.Raw(StyleSheet.Css));
            });
            html.Line();
            html.Element("body", () => html.Element("main", () => WriteMain(html, content)));
        }, ("lang", "en"));
        html.Line();
        return html.ToString();
    }

    private static double Digits(ReportContent content) => new ClassScores(content.Confusion).Total;

    private static long ParameterCount(TwoLayerNetworkModelParameters network) =>
        network.HiddenUnits * (network.InputCount + 1L) + network.ClassCount * (network.HiddenUnits + 1L);

    private static string Accuracy(ReportContent content) => PageNumber.Percent(new ClassScores(content.Confusion).Accuracy, 2);

    private static void WriteMain(HtmlWriter html, ReportContent content)
    {
        TwoLayerNetworkModelParameters network = content.Network;
        html.Element("h1", "What the network learned");
        html.Element("p", $"A network of {network.InputCount} inputs (the pixels), {network.HiddenUnits} hidden units and "
            + $"{network.ClassCount} outputs (the digits) "
            + $"was trained on {content.RowsTrained:N0} images and then shown {Digits(content):N0} images that it had never seen. Each "
                + $"hidden unit computes a weighted sum of all pixels and is active if the sum is high enough; "
            + "each output computes a weighted sum of all hidden units; the largest output is the prediction.");
        WriteTiles(html, content);
        Section(html, "Training", () => WriteTraining(html, content));
        Section(html, "Confusion matrix", () => ConfusionTable.Write(html, content));
        Section(html, "Recall and precision by digit", () => ClassTable.Write(html, content));
        Section(html, "The most confident mistakes", () => WriteMistakes(html, content));
        Section(html, "Weights of the hidden units", () => WeightGallery.Write(html, network, content.ClassNames));
        Section(html, "Data", () => FactTables.WriteFiles(html, content.Files));
        Section(html, "Options", () => FactTables.Write(html, content.Options, "option", "value"));
        Section(html, "Environment", () => FactTables.Write(html, content.Environment, "part", "as found"));
        Section(html, "Timings", () => FactTables.Write(html, content.Timings, "step", "time"));
        html.Element("footer", () =>
            html.Element("p", $"Written by DigitRecognition of MnistMlNet on {content.Written:yyyy-MM-dd HH:mm} UTC."));
    }

    private static void Section(HtmlWriter html, string heading, Action content)
    {
        html.Line();
        html.Element("section", () =>
        {
            html.Element("h2", heading);
            content();
        });
    }

    private static void WriteTiles(HtmlWriter html, ReportContent content) => html.Element("dl", () =>
    {
        ClassScores scores = new(content.Confusion);
        Tile("test accuracy", Accuracy(content));
        Tile("mistakes", $"{scores.Total - scores.RightTotal:N0} of {scores.Total:N0}");
        Tile("test log-loss", $"{content.TestLoss:F4} nats");
        Tile("parameters",
            $"{ParameterCount(content.Network):N0}");
        Tile("epochs", $"{content.Epochs.Count}");
        Tile("training loop", $"{(content.Epochs.Count == 0 ? 0 : content.Epochs[^1].Elapsed.TotalSeconds):F2} s");

        void Tile(string name, string value) => html.Element("div", () =>
        {
            html.Element("dt", name);
            html.Element("dd", value);
        });
    }, ("class", "tiles"));

    private static void WriteTraining(HtmlWriter html, ReportContent content)
    {
        if (content.Epochs.Count == 0)
        {
            html.Element("p", "There was no epoch.");
            return;
        }

        double accuracy = new ClassScores(content.Confusion).Accuracy;
        (TrainingEpoch first, TrainingEpoch last) = (content.Epochs[0], content.Epochs[^1]);
        html.Element("p", "Training values are measured during each epoch, test values once, after training. If the test is much "
            + "worse, the network overfits.");
        html.Element("div", () =>
        {
            Chart("Loss (mean cross-entropy, nats)", new CurveChart
            {
                Id = "loss",
                Title = "Loss by epoch",
                Description = $"Training loss from {first.TrainLoss:F4} in epoch 1 to {last.TrainLoss:F4} in epoch {last.Epoch}; test "
                    + $"loss {content.TestLoss:F4} at the end.",
                Epochs = content.Epochs,
                Training = epoch => epoch.TrainLoss,
                Validation = epoch => epoch.ValidationLoss,
                Test = content.TestLoss,
                Format = value => $"{value:0.0##}",
                FromZero = true,
            });
            Chart("Accuracy", new CurveChart
            {
                Id = "accuracy",
                Title = "Accuracy by epoch",
                Description = $"Training accuracy from {PageNumber.Percent(first.TrainAccuracy, 2)} in epoch 1 to "
                    + $"{PageNumber.Percent(last.TrainAccuracy, 2)} in epoch {last.Epoch}; test accuracy "
                    + $"{PageNumber.Percent(accuracy, 2)} at the end.",
                Epochs = content.Epochs,
                Training = epoch => epoch.TrainAccuracy,
                Validation = epoch => epoch.ValidationAccuracy,
                Test = accuracy,
                Format = value => $"{100 * value:0.#} %",
                FromZero = false,
            });
        }, ("class", "charts"));
        html.Element("details", () =>
        {
            html.Element("summary", "All epochs as a table");
            FactTables.WriteEpochs(html, content.Epochs);
        });

        void Chart(string heading, CurveChart chart) => html.Element("div", () =>
        {
            html.Element("h3", heading);
            chart.Write(html);
        });
    }

    private static void WriteMistakes(HtmlWriter html, ReportContent content)
    {
        if (content.Mistakes.Count == 0)
        {
            html.Element("p", "There was none.");
            return;
        }

        html.Element("p", "The mistakes with the highest predicted probability. Some of these digits are hard to read for people, too.");
        MistakeGallery.Write(html, content.Mistakes);
    }
}
