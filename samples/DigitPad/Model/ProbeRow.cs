using Microsoft.ML.Data;
using MnistMlNet.Mnist;

namespace DigitPad.Model;

/// <summary>A row of pixels that a chain scores.</summary>
internal sealed class ProbeRow
{
    public string Label { get; set; } = "0";

    [VectorType(MnistImage.PixelCount)]
    public float[] Features { get; set; } = [];

    /// <summary>Grey noise, the same at every start.</summary>
    public static ProbeRow[] Create(int count)
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, count).Select(_ => new ProbeRow
        {
            Features = [.. Enumerable.Range(0, MnistImage.PixelCount).Select(_ => (float)random.Next(256))],
        })];
    }
}
