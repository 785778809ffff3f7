using Microsoft.ML;
using MnistMlNet.Mnist;

namespace MnistMlNet.Benchmarks.Data;

/// <summary>Images and their labels, from the published files.</summary>
internal sealed record IdxPair(string Images, string Labels)
{
    public IDataView Load(MLContext mlContext) => mlContext.Data.LoadFromIdx(Images, Labels);

    /// <summary>All pixels divided by 255.</summary>
    public DenseRows ToDenseRows(string name)
    {
        DigitSet set = IdxReader.Read(Images, Labels);
        float[] features = new float[set.Count * set.PixelCount];
        int[] labels = new int[set.Count];
        for (int row = 0; row < set.Count; row++)
        {
            labels[row] = set.Label(row);
            ReadOnlySpan<byte> pixels = set.Pixels(row);
            for (int i = 0; i < pixels.Length; i++)
            {
                features[row * set.PixelCount + i] = pixels[i] / 255f;
            }
        }

        return new DenseRows(name, set.PixelCount, features, labels);
    }
}
