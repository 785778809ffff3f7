using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class NonZerosTests
{
    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Rows_of_any_length_and_density_give_their_non_zeros_in_order(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        foreach (int length in (int[])[.. Enumerable.Range(0, 71), 784])
        {
            foreach (double density in (double[])[0, 0.2, 0.5, 1])
            {
                AssertCompacted(kernels, SampleRow(new Random(length), length, density), $"{tier}, length {length}, density {density}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Each_special_value_is_kept_or_dropped_at_every_place(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        foreach (float special in (float[])[-0f, float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue])
        {
            for (int place = 0; place < 37; place++)
            {
                float[] row = new float[37];
                row[place] = special;
                AssertCompacted(kernels, row, $"{tier}, {special} at {place}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Negative_zero_is_a_zero_and_NaN_is_not(string tier)
    {
        int[] indices = new int[4];
        float[] values = new float[4];

        int count = Tiers.Kernels(tier).CompactNonZeros([-0f, float.NaN, 0, float.NegativeInfinity], indices, values);

        Assert.Equal(2, count);
        Assert.Equal([1, 3], indices[..2]);
        Assert.Equal([float.NaN, float.NegativeInfinity], values[..2]);
    }

    private static void AssertCompacted(IKernels kernels, float[] row, string context)
    {
        int[] places = [.. Enumerable.Range(0, row.Length).Where(i => row[i] is not 0f)];
        int[] indices = new int[row.Length];
        var values = new GuardedArray(new float[row.Length]);

        int count = kernels.CompactNonZeros(row, indices, values.Span);

        Assert.True(count == places.Length, $"{context}: {count} found, {places.Length} expected");
        Assert.Equal(places, indices[..count]);
        Check.SameBits([.. places.Select(i => row[i])], values.Span[..count], context);
        Check.SameBits(new float[row.Length - count], values.Span[count..], context + ", beyond the count");
        values.AssertGuardsIntact(context);

        int[] listed = new int[row.Length + 1];
        listed[^1] = int.MinValue;
        int listedCount = kernels.ListNonZeros(row, listed.AsSpan(0, row.Length));
        Assert.Equal(places, listed[..listedCount]);
        Assert.True(listed[^1] == int.MinValue, $"{context}: written behind the room for indices");
    }

    private static float[] SampleRow(Random random, int length, double density)
    {
        float[] row = SampleNumbers.Floats(random, length);
        for (int i = 0; i < length; i++)
        {
            if (random.NextDouble() >= density)
            {
                row[i] = 0;
            }
        }

        return row;
    }
}
