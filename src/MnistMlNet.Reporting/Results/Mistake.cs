namespace MnistMlNet.Reporting.Results;

/// <summary>A test row that the model predicted wrongly, or with a large error.</summary>
/// <param name="Row">Its position in the test data, from 1.</param>
/// <param name="Truth">The true class, or the true number.</param>
/// <param name="Prediction">The predicted one.</param>
/// <param name="Certainty">The probability of the prediction, or its error.</param>
internal sealed record Mistake(long Row, string Truth, string Prediction, string Certainty)
{
    /// <summary>Gets the features of the row, as the network reads them.</summary>
    public IReadOnlyList<float> Features { get; init; } = [];
}
