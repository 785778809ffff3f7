using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class SparseScatterTests
{
    private const int Rows = 9;
    private const int Inputs = 40;

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Whole_numbers_are_scattered_exactly_chunk_by_chunk(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        foreach (int width in (int[])[16, 32, 48, 64, 80])
        {
            foreach (int chunk in (int[])[1, 7, 16, Inputs])
            {
                (int[] starts, int[] indices, float[] values) = Entries(new Random(width + chunk));
                float[] right = [.. Enumerable.Range(0, Rows * (width + 5)).Select(i => (float)(i % 11 - 5))];
                var output = new GuardedArray(new float[Inputs * width]);
                int[] positions = starts[..Rows];
                for (int first = 0; first < Inputs; first += chunk)
                {
                    int end = Math.Min(first + chunk, Inputs);
                    kernels.ScatterSparse(
                        positions, starts.AsSpan(1), indices, values, first, end, right, width + 5, output.Span[(first * width)..], width, width);
                }

                Assert.Equal(starts[1..], positions);
                output.AssertGuardsIntact($"{tier}, width {width}, chunks of {chunk}");
                float[] expected = new float[Inputs * width];
                for (int r = 0; r < Rows; r++)
                {
                    for (int n = starts[r]; n < starts[r + 1]; n++)
                    {
                        for (int c = 0; c < width; c++)
                        {
                            expected[indices[n] * width + c] += values[n] * right[r * (width + 5) + c];   // integers below 2²⁴: exact
                        }
                    }
                }

                Assert.Equal(expected, output.Span.ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Only_entries_below_the_bound_are_taken_and_the_positions_stop_there(string tier)
    {
        int[] positions = [0, 3], indices = [1, 2, 5, 0, 6];
        float[] output = new float[3 * 16];

        Tiers.Kernels(tier).ScatterSparse(
            positions, [3, 5], indices, [1, 10, 100, 1000, 10_000], 0, 3, [.. Enumerable.Repeat(1f, 16), .. Enumerable.Repeat(2f, 16)], 16, output, 16, 16);

        Assert.Equal([2, 4], positions);
        Assert.Equal([2000f, 1f, 10f], [output[0], output[16], output[32]]);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Fractions_have_the_bits_of_the_sparse_product_of_the_regrouped_entries(string tier)
    {
        // Narrow and wide networks take different ways to the same gradient; a model mustn't show which.
        const int Width = 48;
        IKernels kernels = Tiers.Kernels(tier);
        var random = new Random(3);
        (int[] starts, int[] indices, float[] values) = Entries(random);
        values = SampleNumbers.Floats(random, values.Length);
        float[] right = SampleNumbers.Floats(random, Rows * Width);
        float[] scattered = new float[Inputs * Width], gathered = new float[Inputs * Width];
        kernels.ScatterSparse(starts.AsSpan(0, Rows).ToArray(), starts.AsSpan(1), indices, values, 0, Inputs, right, Width, scattered, Width, Width);

        var groupStarts = new List<int> { 0 };
        var groupRows = new List<int>();
        var groupValues = new List<float>();
        for (int i = 0; i < Inputs; i++)
        {
            for (int r = 0; r < Rows; r++)
            {
                int n = Array.IndexOf(indices, i, starts[r], starts[r + 1] - starts[r]);
                if (n >= 0)
                {
                    groupRows.Add(r);
                    groupValues.Add(values[n]);
                }
            }

            groupStarts.Add(groupRows.Count);
        }

        kernels.MultiplySparse([.. groupStarts], [.. groupRows], [.. groupValues], right, Width, gathered, Width, Width);

        Check.SameBits(gathered, scattered, tier);
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
}
