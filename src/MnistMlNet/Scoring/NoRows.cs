using MnistMlNet.Primitives;

namespace MnistMlNet.Scoring;

/// <summary>The errors for data in which an evaluation finds nothing to measure.</summary>
internal static class NoRows
{
    /// <param name="rowCount">The rows that there were.</param>
    /// <param name="withoutWeight">Those of them with the weight 0.</param>
    public static InvalidOperationException Error(long rowCount, string labelColumn, long withoutWeight) => rowCount == 0
        ? new("data has no rows to evaluate. Check the path, the separator and filters; in a cross-validation, use fewer folds.")
        : new($"None of the {rowCount} rows of data can be evaluated: {withoutWeight} have the weight 0, and all labels of the others in "
            + $"column '{Shown.Text(labelColumn)}' are missing (NaN). Give rows with known labels.");
}
