using Microsoft.ML.Data;
using Spectre.Console;

namespace DigitRecognition;

/// <summary>ML.NET's multiclass metrics as readable text.</summary>
internal static class MetricsReport
{
    public static void Show(MulticlassClassificationMetrics metrics, string[] classNames)
    {
        Screen.Heading("Test");
        Fact("Accuracy, micro", $"[bold]{metrics.MicroAccuracy:P2}[/]", " of all digits");
        Fact("Accuracy, macro", $"{metrics.MacroAccuracy:P2}", ", the mean over the classes");
        Fact("Log-loss", $"{metrics.LogLoss:F4} nats", $", {metrics.LogLossReduction:P1} less than a guess by frequency");

        // On a terminal, ten classes and two margins fit into 80 columns only without padding.
        foreach (Table table in ConfusionTables.Of(
            metrics.ConfusionMatrix.Counts, classNames, Screen.Width, Screen.TableBorder, Screen.IsPlain ? 1 : 0))
        {
            Screen.Line();
            Screen.Console.Write(table);
        }

        MissedChart.Show(metrics.ConfusionMatrix, classNames);
    }

    // The remark is on a line of its own where one line is too short for both.
    private static void Fact(string name, string value, string remark)
    {
        string line = $"{name,-15}   {value}";
        if (Markup.Remove(line).Length + remark.Length <= Screen.Width)
        {
            Screen.Line(line + remark);
            return;
        }

        Screen.Line(line);
        Screen.Line($"  {remark.TrimStart(' ', ',')}");
    }
}
