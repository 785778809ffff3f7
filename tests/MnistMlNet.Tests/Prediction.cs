namespace MnistMlNet.Tests;

/// <summary>What a <c>PredictionEngine</c> gives for an <see cref="Example"/>.</summary>
internal sealed class Prediction
{
    public float[] Score { get; set; } = [];

    public string PredictedLabel { get; set; } = "";
}
