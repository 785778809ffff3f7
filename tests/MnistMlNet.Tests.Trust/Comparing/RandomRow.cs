using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Trust.Comparing;

/// <summary>A row as a data view gives it; the numbers of classes and features are the schema's.</summary>
internal sealed class RandomRow
{
    public uint Label { get; set; }

    public VBuffer<float> Features { get; set; }

    public float Weight { get; set; }
}
