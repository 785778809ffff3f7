using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>A row with two features and the name of a class.</summary>
internal sealed class ClassRow
{
    public string Label { get; set; } = "";

    [VectorType(2)]
    public float[] Features { get; set; } = [];
}
