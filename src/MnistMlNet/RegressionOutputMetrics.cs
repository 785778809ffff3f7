namespace MnistMlNet;

/// <summary>How well one output of a regression predicts.</summary>
/// <remarks>
/// With the label yᵢ, the score sᵢ and the weight wᵢ of row i, 1 without a column of weights, and the sums over the rows whose label is
/// known (not NaN). Without weights, the values equal those of <c>mlContext.Regression.Evaluate</c> for this output alone.
/// </remarks>
public sealed class RegressionOutputMetrics
{
    internal RegressionOutputMetrics(
        string name, long rowCount, double meanSquaredError, double meanAbsoluteError, double rSquared)
    {
        Name = name;
        RowCount = rowCount;
        MeanSquaredError = meanSquaredError;
        MeanAbsoluteError = meanAbsoluteError;
        RSquared = rSquared;
    }

    /// <summary>Gets the name of the output: its slot name in the label column, else in the score column, else its index from 0. For a
    /// scalar label, the name of the label column.</summary>
    public string Name { get; }

    /// <summary>Gets the number of rows with a known label and a weight above 0.</summary>
    public long RowCount { get; }

    /// <summary>Gets √MSE, in the unit of the label.</summary>
    /// <value>0 or above; NaN without a known label.</value>
    public double RootMeanSquaredError => Math.Sqrt(MeanSquaredError);

    /// <summary>Gets MSE = Σ wᵢ(yᵢ − sᵢ)² / Σ wᵢ, in the squared unit of the label.</summary>
    /// <value>0 or above; NaN without a known label.</value>
    public double MeanSquaredError { get; }

    /// <summary>Gets MAE = Σ wᵢ|yᵢ − sᵢ| / Σ wᵢ, in the unit of the label.</summary>
    /// <value>0 or above; NaN without a known label.</value>
    public double MeanAbsoluteError { get; }

    /// <summary>Gets the coefficient of determination, R² = 1 − Σ wᵢ(yᵢ − sᵢ)² / Σ wᵢ(yᵢ − ȳ)², with the weighted mean ȳ of the
    /// labels.</summary>
    /// <value>1 for a perfect prediction, 0 for the mean of the labels, negative for a worse one. NaN if all labels are equal, as
    /// <c>mlContext.Regression.Evaluate</c> gives; scikit-learn's <c>r2_score</c> gives 1 or 0 there.</value>
    public double RSquared { get; }
}
