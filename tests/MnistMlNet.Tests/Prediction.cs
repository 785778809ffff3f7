namespace MnistMlNet.Tests;

/// <summary>The result of a <c>PredictionEngine</c> for an <see cref="Example"/>.</summary>
internal sealed class Prediction
{
    public float[] Score { get; set; } = [];

    public string PredictedLabel { get; set; } = "";
}
