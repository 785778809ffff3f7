namespace MnistMlNet.Benchmarks.Data;

/// <summary>The columns that are read from a prediction.</summary>
internal sealed class ScoreRow
{
    public float[] Score { get; set; } = [];
}
