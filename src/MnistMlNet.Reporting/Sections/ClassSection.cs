using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting.Sections;

/// <summary>Recall, precision and F1 of each class or label, as a table.</summary>
internal static class ClassSection
{
    private const int MaxRows = 100;

    public static void Write(HtmlWriter html, ClassResult result)
    {
        ClassScores scores = new(result.Confusion);
        int[] shown = Shown(result.ClassNames.Count, scores.Recall);
        html.Element("p", "Recall: fraction of this class's rows that were classified as it. Precision: fraction of these predictions "
            + "that are correct. F1: their harmonic mean. The bar is the fraction that was missed."
            + (shown.Length < result.ClassNames.Count ? $" The {MaxRows} classes with the lowest recall are shown." : ""));
        double worst = Math.Max(1e-9, shown.Select(label => Missed(scores.Recall(label))).Max());
        HtmlTable.WriteNumbers(
            html, "classes", "Recall and precision by class", ["class", "rows", "recall", "precision", "F1"],
            shown.Select(label => (string[])[
                result.ClassNames[label], $"{scores.RowsOf(label):N0}", PageNumber.Percent(scores.Recall(label)),
                PageNumber.Percent(scores.Precision(label)), PageNumber.Percent(scores.F1(label))]),
            [.. shown.Select(label => Missed(scores.Recall(label)) / worst)], "missed");
    }

    public static void Write(HtmlWriter html, LabelResult result)
    {
        int[] shown = Shown(result.LabelNames.Count, label => result.Counts[label].F1);
        html.Element("p", "Wrong: rows where the label was predicted and isn't true. Missed: rows where it is true and wasn't predicted. "
            + "Recall: fraction of the true ones that were predicted. Precision: fraction of the predicted ones that are true. F1: their "
            + "harmonic mean. The bar is the fraction that was missed."
            + (shown.Length < result.LabelNames.Count ? $" The {MaxRows} labels with the lowest F1 are shown." : ""));
        double worst = Math.Max(1e-9, shown.Select(label => Missed(result.Counts[label].Recall)).Max());
        HtmlTable.WriteNumbers(
            html, "labels", "Recall and precision by label",
            ["label", "true", "found", "missed", "wrong", "recall", "precision", "F1", "threshold"],
            shown.Select(label => (label, result.Counts[label])).Select(item => (string[])[
                result.LabelNames[item.label], $"{item.Item2.TruePositives + item.Item2.FalseNegatives:N0}",
                $"{item.Item2.TruePositives:N0}", $"{item.Item2.FalseNegatives:N0}", $"{item.Item2.FalsePositives:N0}",
                PageNumber.Percent(item.Item2.Recall), PageNumber.Percent(item.Item2.Precision), PageNumber.Percent(item.Item2.F1),
                $"{result.Thresholds[item.label]:0.##}"]),
            [.. shown.Select(label => Missed(result.Counts[label].Recall) / worst)], "missed");
    }

    // In the order of the classes; of many, the worst.
    private static int[] Shown(int count, Func<int, double> quality) => count <= MaxRows
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, count).Where(label => !double.IsNaN(quality(label))).OrderBy(quality).Take(MaxRows)];

    private static double Missed(double recall) => double.IsNaN(recall) ? 0 : 1 - recall;
}
