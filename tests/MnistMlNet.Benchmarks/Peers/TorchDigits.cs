using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Mnist;
using TorchSharp;
using static TorchSharp.torch;

namespace MnistMlNet.Benchmarks.Peers;

/// <summary>
/// Loads IDX files into tensors with minimal memory: bytes first, then one block of floats, scaled in place.
/// </summary>
internal static class TorchDigits
{
    public static TorchRows Load(IdxPair files)
    {
        using DisposeScope scope = NewDisposeScope();
        DigitSet set = IdxReader.Read(files.Images, files.Labels);
        byte[] pixels = new byte[set.Count * set.PixelCount];
        long[] labels = new long[set.Count];
        for (int row = 0; row < set.Count; row++)
        {
            set.Pixels(row).CopyTo(pixels.AsSpan(row * set.PixelCount));
            labels[row] = set.Label(row);
        }

        Tensor features = tensor(pixels, [set.Count, set.PixelCount], ScalarType.Byte).to(ScalarType.Float32).div_(255f);
        return new TorchRows(features.MoveToOuterDisposeScope(), tensor(labels).MoveToOuterDisposeScope());
    }
}
