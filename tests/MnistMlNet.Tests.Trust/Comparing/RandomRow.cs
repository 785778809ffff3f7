using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Trust.Comparing;

/// <summary>A row as a data view has it; the numbers of classes and features are in the schema.</summary>
internal sealed class RandomRow
{
    public uint Label { get; set; }

    public VBuffer<float> Features { get; set; }

    public float Weight { get; set; }
}
