using Microsoft.ML.Data;
using Spectre.Console;

namespace DigitRecognition;

/// <summary>ML.NET's multiclass metrics as readable text.</summary>
internal static class MetricsReport
{
    // A cell with at least this fraction of its row's digits is highlighted as a confusion.
    private const double NoticeableShare = 0.005;

    public static void Show(MulticlassClassificationMetrics metrics, string[] classNames)
    {
        Screen.Heading("Test");
        Screen.Line($"Accuracy, micro   [bold]{metrics.MicroAccuracy:P2}[/] of all digits");
        Screen.Line($"Accuracy, macro   {metrics.MacroAccuracy:P2}, the mean over the classes");
        Screen.Line($"Log-loss          {metrics.LogLoss:F4} nats, {metrics.LogLossReduction:P1} less than a guess by frequency");
        Screen.Line();
        Screen.Console.Write(ConfusionTable(metrics.ConfusionMatrix, classNames));
        MissedChart.Show(metrics.ConfusionMatrix, classNames);
    }

    private static Table ConfusionTable(ConfusionMatrix confusion, string[] classNames)
    {
        Table table = new() { Border = Screen.TableBorder };
        table.AddColumn(Column("digit"));
        foreach (string name in classNames)
        {
            table.AddColumn(Column($"as {Markup.Escape(name)}").RightAligned());
        }

        table.AddColumn(Column("recall").RightAligned());
        for (int truth = 0; truth < classNames.Length; truth++)
        {
            double total = Math.Max(1, confusion.Counts[truth].Sum());
            table.AddRow([
                $"[bold]{Markup.Escape(classNames[truth])}[/]",
                .. confusion.Counts[truth].Select((count, predicted) => Cell(count, count / total, predicted == truth)),
                Percent(confusion.PerClassRecall[truth])]);
        }

        table.AddRow(["precision", .. confusion.PerClassPrecision.Select(Percent), string.Empty]);
        return table;
    }

    // Ten classes and two margins fit into 80 columns only without padding; the wide form is for files.
    private static TableColumn Column(string header) => new TableColumn(header).NoWrap().Padding(Screen.IsPlain ? 1 : 0, 0);

    private static string Cell(double count, double share, bool isRight) => (count, isRight) switch
    {
        (0, _) => "[grey]·[/]",
        (_, true) => $"[green]{count:F0}[/]",
        _ when share >= NoticeableShare => $"[red]{count:F0}[/]",
        _ => $"{count:F0}",
    };

    private static string Percent(double share) => double.IsNaN(share) ? "–" : $"{100 * share:F1}%";
}
