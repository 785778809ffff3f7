using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Reporting.Results;

/// <summary>Chooses the mistakes to show.</summary>
internal static class Mistakes
{
    /// <summary>The mistakes with the highest probability, or the largest errors; the worst first, of equal ones the first row.</summary>
    public static IReadOnlyList<Mistake> Worst(TaskResult result, int count) => result switch
    {
        ClassResult classes => OfClasses(classes, count),
        LabelResult labels => OfLabels(labels, count),
        NumberResult numbers => OfNumbers(numbers, count),
        _ => throw new ArgumentException($"{result.GetType().Name} is no known result.", nameof(result)),
    };

    private static Mistake[] OfClasses(ClassResult result, int count) =>
    [
        .. Enumerable.Range(0, result.Rows.Count)
            .Where(row => result.Labels[row] != result.Predictions[row])
            .OrderByDescending(row => result.Confidences[row])
            .Take(count)
            .Select(row => new Mistake(
                result.Rows[row], result.ClassNames[result.Labels[row]], result.ClassNames[result.Predictions[row]],
                PageNumber.Percent(result.Confidences[row]))),
    ];

    private static Mistake[] OfLabels(LabelResult result, int count) =>
    [
        .. (from row in Enumerable.Range(0, result.Rows.Count)
            from label in Enumerable.Range(0, result.LabelNames.Count)
            where !float.IsNaN(result.Labels[row][label]) && result.Labels[row][label] > 0 != result.IsPredicted(row, label)
            let probability = result.Probabilities[row][label]
            let sureness = result.IsPredicted(row, label) ? probability : 1 - probability
            orderby sureness descending
            select new Mistake(
                result.Rows[row],
                $"{(result.IsPredicted(row, label) ? "not " : "")}{result.LabelNames[label]}",
                $"{(result.IsPredicted(row, label) ? "" : "not ")}{result.LabelNames[label]}",
                PageNumber.Percent(sureness))).Take(count),
    ];

    // Errors of different units are comparable in units of the output's own error.
    private static Mistake[] OfNumbers(NumberResult result, int count) =>
    [
        .. (from row in Enumerable.Range(0, result.Rows.Count)
            from output in Enumerable.Range(0, result.OutputNames.Count)
            let error = (double)result.Predictions[row][output] - result.Labels[row][output]
            let size = Math.Abs(error) / Math.Max(result.Errors[output].RootMeanSquaredError, double.Epsilon)
            where error != 0
            orderby size descending
            select new Mistake(
                result.Rows[row], $"{Prefix(result, output)}{PageNumber.Measure(result.Labels[row][output])}",
                PageNumber.Measure(result.Predictions[row][output]), $"{(error > 0 ? "+" : "")}{PageNumber.Measure(error)}")).Take(count),
    ];

    private static string Prefix(NumberResult result, int output) =>
        result.OutputNames.Count > 1 ? $"{result.OutputNames[output]} " : "";
}
