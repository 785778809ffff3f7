using MnistMlNet.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tests.Network;

/// <summary>Rows as a plain table, which can be packed sparse or dense and can be read by simple loops.</summary>
/// <param name="InputCount">I.</param>
/// <param name="Features">Row-major <c>[rows, I]</c>.</param>
/// <param name="Labels">0-based class of each row.</param>
/// <param name="Weights">Weight of each row; null where all are 1.</param>
internal sealed record SampleRows(int InputCount, float[] Features, int[] Labels, float[]? Weights)
{
    /// <summary>Small, so that small tests cross the boundaries of blocks.</summary>
    private const int BlockShift = 3;

    public int RowCount => Labels.Length;

    /// <summary>Random rows within -1 … 1, of which a given fraction isn't 0.</summary>
    public static SampleRows Random(int seed, int rowCount, int inputCount, int classCount, double density = 0.3, bool weighted = false)
    {
        var random = new Random(seed);
        float[] features = SampleNumbers.Floats(random, rowCount * inputCount);
        for (int i = 0; i < features.Length; i++)
        {
            if (random.NextDouble() >= density)
            {
                features[i] = 0;
            }
        }

        int[] labels = [.. Enumerable.Range(0, rowCount).Select(_ => random.Next(classCount))];
        float[]? weights = weighted ? [.. Enumerable.Range(0, rowCount).Select(_ => 0.25f + 2 * random.NextSingle())] : null;
        return new SampleRows(inputCount, features, labels, weights);
    }

    public ReadOnlySpan<float> Row(int row) => Features.AsSpan(row * InputCount, InputCount);

    /// <summary>Packs the rows in the given form, whatever their density.</summary>
    public PackedRows Pack(bool sparse)
    {
        var blocks = new List<RowBlock>();
        long[] nonZeros = new long[InputCount];
        for (int first = 0; first < RowCount; first += 1 << BlockShift)
        {
            int end = Math.Min(RowCount, first + (1 << BlockShift));
            if (!sparse)
            {
                var dense = new AlignedArray((end - first) * InputCount);
                Features.AsSpan((first * InputCount)..(end * InputCount)).CopyTo(dense.Span);
                blocks.Add(new RowBlock(dense));
            }

            List<int> starts = [0], indices = [];
            List<float> values = [];
            for (int r = first; r < end; r++)
            {
                for (int i = 0; i < InputCount; i++)
                {
                    if (Row(r)[i] != 0)
                    {
                        indices.Add(i);
                        values.Add(Row(r)[i]);
                        nonZeros[i]++;
                    }
                }

                starts.Add(indices.Count);
            }

            if (sparse)
            {
                blocks.Add(new RowBlock([.. starts], [.. indices], [.. values], InputCount));
            }
        }

        return new PackedRows(InputCount, sparse, RowCount, BlockShift, [.. blocks], new RowLabels(Labels, [], 0, Weights), nonZeros);
    }
}
