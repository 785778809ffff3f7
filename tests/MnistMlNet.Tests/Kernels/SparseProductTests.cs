using System.Runtime.InteropServices;
using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class SparseProductTests
{
    private const int Inputs = 784;

    private static readonly int[] s_entryCounts = [.. Enumerable.Range(0, 71), Inputs];

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Whole_numbers_of_any_entry_count_and_strides_multiply_exactly_and_add_to_what_is_there(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        var random = new Random(1);
        foreach (int width in (int[])[16, 32, 48, 64, 80])
        {
            foreach (int gap in (int[])[0, 16, 7])
            {
                AssertExact(kernels, random, s_entryCounts, width, gap);
            }

            AssertExact(kernels, random, [], width, 0);
            AssertExact(kernels, random, [0], width, 0);
            AssertExact(kernels, random, [0, 0, 3, 0, 1, 0], width, 4);
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Fractions_have_the_bits_of_the_dense_product_of_the_same_row(string tier)
    {
        // The promise of IKernels: sparse and dense rows of the same values give the same bits, whatever the tier fuses.
        IKernels kernels = Tiers.Kernels(tier);
        const int Width = 48;
        var random = new Random(2);
        float[] right = SampleNumbers.Floats(random, Inputs * Width);
        foreach (int count in s_entryCounts)
        {
            int[] indices = Choose(random, count);
            float[] values = SampleNumbers.Floats(random, count);
            float[] sparse = SampleNumbers.Floats(random, Width), dense = [.. sparse], row = new float[Inputs];
            for (int n = 0; n < count; n++)
            {
                row[indices[n]] = values[n];
            }

            var panel = new MatrixView(right, Inputs, Width, Width);
            kernels.MultiplySparse(indices, values, panel, sparse);
            kernels.MultiplyDense(new MatrixView(row, 1, Inputs, Inputs), panel, new MatrixSpan(dense, 1, Width, Width));

            Check.SameBits(dense, sparse, $"{tier}, {count} entries");
        }
    }

    private static void AssertExact(IKernels kernels, Random random, int[] counts, int width, int gap)
    {
        int stride = width + gap;
        var starts = new List<int> { 0 };
        var indices = new List<int>();
        foreach (int count in counts)
        {
            indices.AddRange(Choose(random, count));
            starts.Add(indices.Count);
        }

        float[] values = SampleNumbers.Whole(random, indices.Count), right = SampleNumbers.Whole(random, Inputs * stride);
        float[] start = SampleNumbers.Whole(random, counts.Length * stride);
        double[] expected = Array.ConvertAll(start, x => (double)x);
        for (int r = 0; r < counts.Length; r++)
        {
            for (int n = starts[r]; n < starts[r + 1]; n++)
            {
                for (int c = 0; c < width; c++)
                {
                    expected[r * stride + c] += (double)values[n] * right[indices[n] * stride + c];
                }
            }
        }

        var output = new GuardedArray(start);
        for (int r = 0; r < counts.Length; r++)
        {
            kernels.MultiplySparse(
                CollectionsMarshal.AsSpan(indices)[starts[r]..starts[r + 1]], values.AsSpan(starts[r], counts[r]),
                new MatrixView(right, Inputs, width, stride), output.Span.Slice(r * stride, width));
        }

        string context = $"{kernels.Tier}, {counts.Length} rows, width {width}, gap {gap}";
        Check.Close(expected, output.Span, tolerance: 0, context);
        output.AssertGuardsIntact(context);
        AssertRows(kernels, [.. starts], [.. indices], values, right, stride, start, output, width, context);
        AssertListed(kernels, [.. starts], [.. indices], values, right, stride, start, output, width, context);
    }

    /// <summary>The same rows in their original storage, with indices of either width, give the same bits.</summary>
    private static void AssertRows(
        IKernels kernels, int[] starts, int[] indices, float[] values, float[] right, int stride, float[] start, GuardedArray expected,
        int width, string context)
    {
        foreach (int inputCount in SampleEntries.InputCounts)
        {
            var output = new GuardedArray(start);
            kernels.MultiplyRows(
                SampleEntries.Rows(starts, indices, values, inputCount), new MatrixView(right, Inputs, width, stride),
                new MatrixSpan(output.Span, starts.Length - 1, width, stride));
            Check.SameBits(expected.Span, output.Span, $"{context}, {inputCount} inputs");
            output.AssertGuardsIntact(context);
        }
    }

    /// <summary>The same rows stored with all their zeros, with the same entries listed, give the same bits.</summary>
    private static void AssertListed(
        IKernels kernels, int[] starts, int[] indices, float[] values, float[] right, int stride, float[] start, GuardedArray expected,
        int width, string context)
    {
        const int RowStride = Inputs + 3;
        float[] rows = new float[starts.Length * RowStride];
        for (int r = 0; r + 1 < starts.Length; r++)
        {
            for (int n = starts[r]; n < starts[r + 1]; n++)
            {
                rows[r * RowStride + indices[n]] = values[n];
            }
        }

        var output = new GuardedArray(start);
        kernels.MultiplyGathered(
            starts, indices, new MatrixView(rows, starts.Length - 1, Inputs, RowStride), new MatrixView(right, Inputs, width, stride),
            new MatrixSpan(output.Span, starts.Length - 1, width, stride));
        Check.SameBits(expected.Span, output.Span, context);
        output.AssertGuardsIntact(context);
    }

    /// <summary>Some of the inputs, ascending.</summary>
    private static int[] Choose(Random random, int count)
    {
        int[] all = [.. Enumerable.Range(0, Inputs)];
        random.Shuffle(all);
        int[] chosen = all[..count];
        Array.Sort(chosen);
        return chosen;
    }
}
