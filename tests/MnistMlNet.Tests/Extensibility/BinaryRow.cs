using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>A row with two features and a label.</summary>
internal sealed class BinaryRow
{
    public bool Label { get; set; }

    [VectorType(2)]
    public float[] Features { get; set; } = [];
}
