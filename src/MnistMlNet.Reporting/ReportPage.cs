using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;
using MnistMlNet.Reporting.Sections;

namespace MnistMlNet.Reporting;

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
                Fact main = content.Result.Measures[0];
                html.Element("title", $"{Title(content)}: {main.Name} {main.Value}");
                html.Element("style", () => html.Raw(StyleSheet.Css));
            });
            html.Line();
            html.Element("body", () => html.Element("main", () => WriteMain(html, content)));
        }, ("lang", "en"));
        html.Line();
        return html.ToString();
    }

    private static string Title(ReportContent content) => content.Options.Title ?? content.Result switch
    {
        ClassResult { PositiveProbabilities: not null } => "A network for two classes",
        ClassResult classes => $"A network for {classes.ClassNames.Count} classes",
        LabelResult labels => $"A network for {labels.LabelNames.Count} labels",
        NumberResult { OutputNames.Count: 1 } number => $"A network that predicts {number.OutputNames[0]}",
        _ => $"A network that predicts {content.Model.OutputCount} numbers",
    };

    private static string Introduction(ReportContent content)
    {
        TwoLayerNetworkModelParametersBase model = content.Model;
        string trained = content.Network.History is { RowsTrained: > 0 } history
            ? $"It was trained on {history.RowsTrained:N0} rows. " : "";
        string skipped = content.Result.SkippedRows == 0 ? "" : $" {content.Result.SkippedRows:N0} more have no label that the model "
            + "knows, or a feature that isn't finite.";
        return $"{model.InputCount:N0} features, {model.HiddenUnits:N0} hidden units ({model.Activation}), {model.OutputCount:N0} "
            + $"{(model.OutputCount == 1 ? "output" : "outputs")}. {trained}This page is about {content.Result.Rows.Count:N0} test "
            + $"rows.{skipped}";
    }

    private static void WriteMain(HtmlWriter html, ReportContent content)
    {
        html.Element("h1", Title(content));
        if (content.Options.Introduction is { } text)
        {
            html.Element("p", text);
        }

        html.Element("p", Introduction(content));
        WriteTiles(html, content);
        Section(html, "Training", () => TrainingSection.Write(html, content));
        WriteResult(html, content.Result);
        Section(
            html, content.Result is NumberResult ? "The largest errors" : "The most confident mistakes",
            () => MistakeSection.Write(html, content));
        Section(html, "Importance of the features", () => ImportanceSection.Write(html, content));
        Section(html, content.Image is null ? "Weights" : "Weights of the hidden units", () => WeightSection.Write(html, content));
        foreach (ReportSection section in content.Options.AdditionalSections)
        {
            Section(html, section.Heading, () => HtmlTable.WriteFacts(
                html, section.Facts.Select(pair => new Fact(pair.Key, pair.Value)), "name", "value"));
        }

        Section(html, "Options of the training", () => WriteOptions(html, content));
        Section(html, "Environment", () => HtmlTable.WriteFacts(html, MachineFacts.All(), "part", "where this page was made"));
        string when = content.Options.Written is { } written ? $" on {written.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "";
        html.Element("footer", () => html.Element("p", $"Written by MnistMlNet.Reporting{when}."));
    }

    private static void WriteResult(HtmlWriter html, TaskResult result)
    {
        switch (result)
        {
            case ClassResult classes:
                bool isPair = classes.PositiveProbabilities is not null;
                string positive = classes.ClassNames[^1];
                Section(html, "Confusion matrix", () => ConfusionSection.Write(html, classes));
                Section(html, "Recall and precision by class", () => ClassSection.Write(html, classes));
                Section(html, "Calibration", () => CalibrationSection.Write(
                    html, classes.Calibration, isPair ? $"rows of class {positive}" : "correct predictions",
                    isPair ? $"predicted probability of {positive}" : "probability of the predicted class"));
                break;
            case LabelResult labels:
                Section(html, "Recall and precision by label", () => ClassSection.Write(html, labels));
                Section(html, "Calibration", () => CalibrationSection.Write(
                    html, labels.Calibration, "true labels", "predicted probability of a label"));
                break;
            case NumberResult numbers:
                Section(html, "Residuals", () => ResidualSection.Write(html, numbers));
                break;
        }
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
        long parameters = content.Model.HiddenUnits * (content.Model.InputCount + 1L)
            + content.Model.OutputCount * (content.Model.HiddenUnits + 1L);
        IEnumerable<Fact> tiles = [.. content.Result.Measures, new("parameters", $"{parameters:N0}")];
        if (content.Epochs.Count > 0)
        {
            tiles = [.. tiles, new("epochs", $"{content.Epochs.Count}"),
                new("training loop", $"{content.Epochs[^1].Elapsed.TotalSeconds:F2} s")];
        }

        foreach (Fact tile in tiles)
        {
            html.Element("div", () =>
            {
                html.Element("dt", tile.Name);
                html.Element("dd", tile.Value);
            });
        }
    }, ("class", "tiles"));

    private static void WriteOptions(HtmlWriter html, ReportContent content)
    {
        if (content.Network.History is not { Options.Count: > 0 } history)
        {
            html.Element("p", "The model has no record of its options.");
            return;
        }

        var options = OptionFacts.Of(content.Model, history);
        html.Element("p", "Options that aren't the default, and those that the trainer chose.");
        HtmlTable.WriteFacts(html, options.Notable, "option", "value");
        html.Element("details", () =>
        {
            html.Element("summary", $"{options.Defaults.Count} options at their defaults, or not used by this training");
            HtmlTable.WriteFacts(html, options.Defaults, "option", "value");
        });
    }
}
