using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

/// <summary>The two ways to compute a gradient of weights: entries scattered row by row, and entries grouped by input.</summary>
[Trait("Category", "HardwareTier")]
public class SparseScatterTests
{
    private const int Rows = 9;
    private const int Inputs = 41;                                                 // odd: the last one has no partner

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Whole_numbers_are_scattered_exactly_for_any_range_of_inputs_and_either_width_of_index(string tier)
    {
        foreach (int width in (int[])[16, 32, 48, 64, 80])
        {
            foreach (int chunk in (int[])[1, 7, 16, Inputs])
            {
                (int[] starts, int[] indices, float[] values) = Entries(new Random(width + chunk));
                float[] right = Right(width + 5), expected = Expected(starts, indices, values, right, width + 5, width);
                foreach (int inputCount in SampleEntries.InputCounts)
                {
                    SparseRow[] rows = SampleEntries.Rows(starts, indices, values, inputCount);
                    var output = new GuardedArray(new float[Inputs * width]);
                    for (int first = 0; first < Inputs; first += chunk)
                    {
                        int end = Math.Min(first + chunk, Inputs);
                        SparseRow[] range = Array.ConvertAll(rows, row => row.Between(first, end));
                        Tiers.Kernels(tier).ScatterRows(
                            range, first, new MatrixView(right, Rows, width, width + 5),
                            new MatrixSpan(output.Span[(first * width)..], end - first, width, width));
                    }

                    output.AssertGuardsIntact($"{tier}, width {width}, chunks of {chunk}");
                    Assert.Equal(expected, output.Span.ToArray());
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Whole_numbers_in_groups_multiply_exactly_and_add_to_what_is_there(string tier)
    {
        foreach (int width in (int[])[16, 32, 48, 64, 80])
        {
            (int[] starts, int[] indices, float[] values) = Entries(new Random(width));
            float[] right = Right(width + 5), expected = Expected(starts, indices, values, right, width + 5, width);
            (int[] counts, TransposedEntry[] entries) = Grouped(starts, indices, values, Rows + 2);
            var output = new GuardedArray([.. Enumerable.Repeat(1000f, Inputs * width)]);

            Tiers.Kernels(tier).MultiplyTransposed(
                counts, entries, Rows + 2, new MatrixView(right, Rows, width, width + 5),
                new MatrixSpan(output.Span, Inputs, width, width));

            output.AssertGuardsIntact($"{tier}, width {width}");
            Assert.Equal(expected.Select(x => x + 1000), output.Span.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void No_rows_change_nothing(string tier)
    {
        float[] output = [.. Enumerable.Repeat(7f, 16)];

        Tiers.Kernels(tier).ScatterRows([], 0, new MatrixView([], 0, 16, 16), new MatrixSpan(output, 1, 16, 16));

        Assert.All(output, x => Assert.Equal(7, x));
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Fractions_have_the_same_bits_either_way(string tier)
    {
        // Narrow and wide networks compute the same gradient in different ways; a model must have the same bits either way.
        const int Width = 48;
        IKernels kernels = Tiers.Kernels(tier);
        var random = new Random(3);
        (int[] starts, int[] indices, float[] values) = Entries(random);
        values = SampleNumbers.Floats(random, values.Length);
        float[] right = SampleNumbers.Floats(random, Rows * Width);
        float[] scattered = new float[Inputs * Width], grouped = new float[Inputs * Width];
        (int[] counts, TransposedEntry[] entries) = Grouped(starts, indices, values, Rows);

        var gradients = new MatrixView(right, Rows, Width, Width);
        kernels.ScatterRows(
            SampleEntries.Rows(starts, indices, values, Inputs), 0, gradients, new MatrixSpan(scattered, Inputs, Width, Width));
        kernels.MultiplyTransposed(counts, entries, Rows, gradients, new MatrixSpan(grouped, Inputs, Width, Width));

        Check.SameBits(grouped, scattered, tier);
    }

    /// <summary>Rows of ascending indices and small whole values; one row is empty and one is full.</summary>
    private static (int[] Starts, int[] Indices, float[] Values) Entries(Random random)
    {
        var starts = new List<int> { 0 };
        var indices = new List<int>();
        for (int r = 0; r < Rows; r++)
        {
            double share = r == 2 ? 0 : r == 5 ? 1 : 0.3;
            indices.AddRange(Enumerable.Range(0, Inputs).Where(_ => random.NextDouble() < share));
            starts.Add(indices.Count);
        }

        return ([.. starts], [.. indices], [.. indices.Select(_ => (float)random.Next(-4, 5))]);
    }

    private static float[] Right(int stride) => [.. Enumerable.Range(0, Rows * stride).Select(i => (float)(i % 11 - 5))];

    private static float[] Expected(int[] starts, int[] indices, float[] values, float[] right, int rightStride, int width)
    {
        float[] expected = new float[Inputs * width];
        for (int r = 0; r < Rows; r++)
        {
            for (int n = starts[r]; n < starts[r + 1]; n++)
            {
                for (int c = 0; c < width; c++)
                {
                    expected[indices[n] * width + c] += values[n] * right[r * rightStride + c];   // integers below 2²⁴: exact
                }
            }
        }

        return expected;
    }

    /// <summary>The entries by input, rows in order; the unused space in each group is NaN.</summary>
    private static (int[] Counts, TransposedEntry[] Entries) Grouped(int[] starts, int[] indices, float[] values, int stride)
    {
        int[] counts = new int[Inputs];
        TransposedEntry[] entries = [.. Enumerable.Repeat(new TransposedEntry(float.NaN, 0), Inputs * stride)];
        for (int r = 0; r < Rows; r++)
        {
            for (int n = starts[r]; n < starts[r + 1]; n++)
            {
                entries[indices[n] * stride + counts[indices[n]]++] = new TransposedEntry(values[n], r);
            }
        }

        return (counts, entries);
    }
}
