using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class DropoutMaskTests
{
    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void An_entry_is_dropped_where_the_finalizer_of_MurmurHash3_is_below_the_threshold(string tier)
    {
        // fmix32(1) = 0x514E28B7 and fmix32(2) = 0x30F4C306, as in the reference implementation's tables; entry 0 hashes the key itself.
        Assert.Equal(3, Drop(tier, [3], key: 1, threshold: 0x514E28B7, scale: 1)[0]);
        Assert.Equal(0, Drop(tier, [3], key: 1, threshold: 0x514E28B8, scale: 1)[0]);
        Assert.Equal(6, Drop(tier, [3], key: 2, threshold: 0x30F4C306, scale: 2)[0]);
        Assert.Equal(0, Drop(tier, [3], key: 2, threshold: 0x30F4C307, scale: 2)[0]);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Every_tier_gives_the_scalar_kernels_bits_at_every_length_and_stays_within_the_span(string tier)
    {
        var random = new Random(1);
        for (int length = 0; length <= 70; length++)
        {
            float[] values = SampleNumbers.Floats(random, length);
            int[] indices = [.. Enumerable.Range(0, length).Select(n => 3 * n + random.Next(3))];
            foreach (int[] given in (int[][])[[], indices])
            {
                float[] expected = [.. values];
                var actual = new GuardedArray(values);
                uint key = (uint)random.NextInt64(), threshold = (uint)random.NextInt64();

                DropoutMask.Scalar(expected, given, length, key, threshold, 1.7f);
                Tiers.Kernels(tier).Dropout(actual.Span, given, length, key, threshold, 1.7f);

                Check.SameBits(expected, actual.Span, $"{tier}, {length} values, {given.Length} indices");
                actual.AssertGuardsIntact($"{tier}, {length} values");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void A_sparse_row_drops_the_entries_that_the_same_row_drops_when_dense(string tier)
    {
        var random = new Random(2);
        float[] dense = SampleNumbers.Floats(random, 784);
        int[] indices = [.. Enumerable.Range(0, 784).Where(_ => random.Next(5) == 0)];
        float[] sparse = [.. indices.Select(i => dense[i])];

        float[] droppedDense = Drop(tier, dense, key: 77, threshold: 1u << 30, scale: 4f / 3);
        Tiers.Kernels(tier).Dropout(sparse, indices, firstIndex: 0, key: 77, threshold: 1u << 30, scale: 4f / 3);

        Check.SameBits([.. indices.Select(i => droppedDense[i])], sparse, tier);
        Assert.InRange(sparse.Count(x => x == 0), 1, indices.Length - 1);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void The_second_part_of_a_row_drops_what_the_whole_row_drops_there(string tier)
    {
        float[] row = SampleNumbers.Floats(new Random(4), 101), part = [.. row.AsSpan(37)];

        Tiers.Kernels(tier).Dropout(part, [], firstIndex: 37, key: 77, threshold: 1u << 30, scale: 4f / 3);

        Check.SameBits(Drop(tier, row, key: 77, threshold: 1u << 30, scale: 4f / 3).AsSpan(37), part, tier);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void The_dropped_fraction_and_the_correlation_of_neighbours_are_those_of_independent_draws(double rate)
    {
        // 400 rows of 250 entries: the count is binomial, so it lies within 5 standard deviations except for one seed in a million.
        const int Rows = 400, Entries = 250;
        var random = new Random(3);
        var dropped = new bool[Rows, Entries];
        for (int r = 0; r < Rows; r++)
        {
            float[] values = [.. Enumerable.Repeat(1f, Entries)];
            DropoutMask.Vector(values, [], 0, (uint)random.NextInt64(), (uint)(rate * 4294967296.0), (float)(1 / (1 - rate)));
            for (int i = 0; i < Entries; i++)
            {
                Assert.True(values[i] == 0 || values[i] == (float)(1 / (1 - rate)));
                dropped[r, i] = values[i] == 0;
            }
        }

        AssertBinomial(Rows * Entries, rate, (r, i) => dropped[r, i], "dropped");
        AssertBinomial(Rows * (Entries - 1), rate * rate, (r, i) =>
            i > 0 && dropped[r, i] && dropped[r, i - 1], "dropped with the entry before");
        AssertBinomial((Rows - 1) * Entries, rate * rate, (r, i) =>
            r > 0 && dropped[r, i] && dropped[r - 1, i], "dropped in the row before, too");

        static void AssertBinomial(int n, double p, Func<int, int, bool> counts, string what)
        {
            int count = 0;
            for (int r = 0; r < Rows; r++)
            {
                count += Enumerable.Range(0, Entries).Count(i => counts(r, i));
            }

            // Neighbouring pairs overlap, which at most doubles the variance.
            Check.Close(n * p, count, 5 * Math.Sqrt(2 * n * p * (1 - p)), what);
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void An_entry_is_dropped_if_its_hash_is_below_the_threshold_in_all_32_bits(string tier)
    {
        const uint Key = 12345;
        for (int i = 0; i < 40; i++)
        {
            // The finalizer of MurmurHash3 of key + i · 2³² / φ.
            uint hash = Key + (uint)i * 0x9E3779B9;
            hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
            hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
            hash ^= hash >> 16;
            float[] ones = [.. Enumerable.Repeat(1f, 40)];

            Assert.Equal(2, Drop(tier, ones, Key, hash, scale: 2)[i]);
            Assert.Equal(0, Drop(tier, ones, Key, hash + 1, scale: 2)[i]);
        }
    }

    private static float[] Drop(string tier, float[] values, uint key, uint threshold, float scale)
    {
        float[] dropped = [.. values];
        Tiers.Kernels(tier).Dropout(dropped, [], 0, key, threshold, scale);
        return dropped;
    }
}
