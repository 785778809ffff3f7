using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>A row whose label is of any type.</summary>
internal sealed class LabelRow<T>
{
    public T Label { get; set; } = default!;

    [VectorType(2)]
    public float[] Features { get; set; } = [];
}
