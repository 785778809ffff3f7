namespace MnistMlNet.Reporting.Results;

/// <summary>The errors of one predicted number.</summary>
/// <param name="RootMeanSquaredError">In the unit of the number.</param>
/// <param name="MeanAbsoluteError">In the unit of the number.</param>
/// <param name="Bias">The mean of prediction - label.</param>
/// <param name="RSquared">1 - mean squared error / variance of the labels; NaN where all labels are equal.</param>
internal sealed record NumberErrors(double RootMeanSquaredError, double MeanAbsoluteError, double Bias, double RSquared)
{
    public static NumberErrors Of(IEnumerable<float> labels, IEnumerable<float> predictions)
    {
        (double Label, double Error)[] rows =
            [.. labels.Zip(predictions, (label, prediction) => ((double)label, (double)prediction - label))];
        double mean = rows.Average(row => row.Label), squares = rows.Average(row => row.Error * row.Error);
        double variance = rows.Average(row => (row.Label - mean) * (row.Label - mean));
        return new NumberErrors(
            Math.Sqrt(squares), rows.Average(row => Math.Abs(row.Error)), rows.Average(row => row.Error),
            variance > 0 ? 1 - (squares / variance) : double.NaN);
    }
}
