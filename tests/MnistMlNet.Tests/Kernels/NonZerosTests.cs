using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class NonZerosTests
{
    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Rows_of_any_length_and_density_give_the_places_of_their_non_zeros_in_order(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        foreach (int length in (int[])[.. Enumerable.Range(0, 71), 784])
        {
            foreach (double density in (double[])[0, 0.2, 0.5, 1])
            {
                AssertListed(kernels, SampleRow(new Random(length), length, density), $"{tier}, length {length}, density {density}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Each_special_value_is_listed_or_not_at_every_place(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        foreach (
            float special in (float[])[-0f, float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon,
            -float.Epsilon, float.MaxValue])
        {
            for (int place = 0; place < 37; place++)
            {
                float[] row = new float[37];
                row[place] = special;
                AssertListed(kernels, row, $"{tier}, {special} at {place}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Negative_zero_is_a_zero_and_NaN_is_not(string tier)
    {
        int[] indices = new int[4];

        int count = Tiers.Kernels(tier).ListNonZeros([-0f, float.NaN, 0, float.NegativeInfinity], indices);

        Assert.Equal([1, 3], indices[..count]);
    }

    private static void AssertListed(IKernels kernels, float[] row, string context)
    {
        int[] places = [.. Enumerable.Range(0, row.Length).Where(i => row[i] is not 0f)];
        int[] indices = new int[row.Length + 2];
        indices[0] = indices[^1] = int.MinValue;

        int count = kernels.ListNonZeros(row, indices.AsSpan(1, row.Length));

        Assert.True(count == places.Length, $"{context}: {count} found, {places.Length} expected");
        Assert.Equal(places, indices[1..(1 + count)]);
        Assert.True((indices[0], indices[^1]) == (int.MinValue, int.MinValue), $"{context}: written outside the room for indices");
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
