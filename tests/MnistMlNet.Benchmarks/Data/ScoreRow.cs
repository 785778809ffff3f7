namespace MnistMlNet.Benchmarks.Data;

/// <summary>What is read of a prediction.</summary>
internal sealed class ScoreRow
{
    public float[] Score { get; set; } = [];
}
