namespace MnistMlNet.Benchmarks.Data;

/// <summary>One row as ML.NET reads it from objects.</summary>
internal sealed class DenseRow
{
    /// <summary>Gets or sets the class, counted from 0: ML.NET adds 1, as its keys count from 1.</summary>
    public uint Label { get; set; }

    public float[] Features { get; set; } = [];
}
