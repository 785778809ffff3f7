using MnistMlNet.Primitives;

namespace MnistMlNet;

/// <summary>How well a regression with one or more outputs predicts: for each output, and on average.</summary>
/// <remarks>
/// <para>Computed by <see cref="Microsoft.ML.RegressionCatalogExtensions.EvaluateMultiOutput"/>. The averages weight all outputs equally,
/// as scikit-learn's <c>multioutput='uniform_average'</c> does. Only outputs for which the metric is defined count: those whose metric
/// isn't NaN.</para>
/// <para>Errors are in the unit of the label. If the outputs have different units, the averages of errors are dominated by the output
/// with the largest numbers; R² has no unit.</para>
/// </remarks>
public sealed class MultiOutputRegressionMetrics
{
    internal MultiOutputRegressionMetrics(IReadOnlyList<RegressionOutputMetrics> outputs, long rowCount, long missingLabelCount)
    {
        Outputs = outputs;
        RowCount = rowCount;
        MissingLabelCount = missingLabelCount;
        AverageRootMeanSquaredError = Average(output => output.RootMeanSquaredError);
        AverageMeanSquaredError = Average(output => output.MeanSquaredError);
        AverageMeanAbsoluteError = Average(output => output.MeanAbsoluteError);
        AverageRSquared = Average(output => output.RSquared);
    }

    /// <summary>Gets the metrics of each output, in the order of the label's values; one for a scalar label.</summary>
    public IReadOnlyList<RegressionOutputMetrics> Outputs { get; }

    /// <summary>Gets the mean of <see cref="RegressionOutputMetrics.RootMeanSquaredError"/> over the outputs.</summary>
    /// <value>0 or above. It is the mean of the roots, not the root of the mean.</value>
    public double AverageRootMeanSquaredError { get; }

    /// <summary>Gets the mean of <see cref="RegressionOutputMetrics.MeanSquaredError"/> over the outputs.</summary>
    /// <value>0 or above.</value>
    public double AverageMeanSquaredError { get; }

    /// <summary>Gets the mean of <see cref="RegressionOutputMetrics.MeanAbsoluteError"/> over the outputs.</summary>
    /// <value>0 or above.</value>
    public double AverageMeanAbsoluteError { get; }

    /// <summary>Gets the mean of <see cref="RegressionOutputMetrics.RSquared"/> over the outputs whose labels aren't all equal.</summary>
    /// <value>At most 1; NaN if the labels of each output are all equal.</value>
    public double AverageRSquared { get; }

    /// <summary>Gets the number of rows with at least one known label and a weight above 0.</summary>
    public long RowCount { get; }

    /// <summary>Gets the number of labels that are NaN, in rows with a weight above 0. They don't count; the other labels of their row
    /// do.</summary>
    public long MissingLabelCount { get; }

    /// <summary>Returns a table with a line for each output, at most 20, and a line for the averages.</summary>
    public override string ToString() => TextTable.Format(
        ["output", "RMSE", "MAE", "R²", "rows"],
        [.. Outputs.Select(output => Cells(
            output.Name, output.RootMeanSquaredError, output.MeanAbsoluteError, output.RSquared, output.RowCount))],
        Cells("average", AverageRootMeanSquaredError, AverageMeanAbsoluteError, AverageRSquared, RowCount));

    private static string[] Cells(string name, double rootMeanSquaredError, double meanAbsoluteError, double rSquared, long rowCount) =>
    [
        name, TextTable.Number(rootMeanSquaredError), TextTable.Number(meanAbsoluteError), TextTable.Number(rSquared),
        TextTable.Number(rowCount),
    ];

    private double Average(Func<RegressionOutputMetrics, double> metric) =>
        Outputs.Select(metric).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
