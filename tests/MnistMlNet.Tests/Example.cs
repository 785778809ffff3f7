using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>A row of the synthetic data of <see cref="Examples"/>.</summary>
internal sealed class Example
{
    public string Label { get; set; } = "";

    [VectorType(Examples.FeatureCount)]
    public float[] Features { get; set; } = [];

    public float Weight { get; set; } = 1;

    public int Id { get; set; }

    public Example With(string? label = null, float[]? features = null, float? weight = null) =>
        new() { Label = label ?? Label, Features = features ?? Features, Weight = weight ?? Weight, Id = Id };
}
