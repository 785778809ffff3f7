using System.Runtime.InteropServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tests.Primitives;

public class SeededRandomTests
{
    [Fact]
    public void Next_StateOneTwoThreeFour_GivesThePublishedSequence()
    {
        // From rand_xoshiro's tests, which took them from the authors' C code (prng.di.unimi.it/xoshiro256starstar.c).
        SeededRandom random = MemoryMarshal.Read<SeededRandom>(MemoryMarshal.AsBytes<ulong>([1, 2, 3, 4]));

        ulong[] drawn = [.. Enumerable.Range(0, 10).Select(_ => random.Next())];

        Assert.Equal(
            [
                11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625,
                8476171486693032832, 10595114339597558777, 2904607092377533576,
            ],
            drawn);
    }

    [Fact]
    public void The_state_of_a_seed_is_the_published_sequence_of_SplitMix64()
    {
        // The first four numbers of SplitMix64 from 1234567, as rosettacode.org's "Pseudo-random numbers/Splitmix64" lists them.
        SeededRandom random = new(1234567, purpose: 0);

        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431],
            MemoryMarshal.Cast<SeededRandom, ulong>([random]).ToArray());
    }

    [Fact]
    public void Neighbouring_seeds_and_purposes_give_independent_numbers()
    {
        var first = new HashSet<ulong>();
        for (int seed = -50; seed < 50; seed++)
        {
            for (ulong purpose = 0; purpose < 100; purpose++)
            {
                first.Add(new SeededRandom(seed, purpose).Next());
            }
        }

        Assert.Equal(100 * 100, first.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public void NextBelow_AnyLimit_StaysBelowItAndSpreadsEvenly(int limit)
    {
        const int Draws = 20_000;
        var random = new SeededRandom(1, 2);
        int[] tenths = new int[10];
        for (int n = 0; n < Draws; n++)
        {
            int drawn = random.NextBelow(limit);
            Assert.InRange(drawn, 0, limit - 1);
            tenths[(int)(10L * drawn / limit)]++;
        }

        if (limit >= 10)
        {
            // Each tenth of the range has 2,000 draws, standard deviation √(2000 · 0.9) = 42; the tolerance is five of them, the seed is
            // fixed.
            Assert.All(tenths, count => Assert.InRange(count, 2000 - 212, 2000 + 212));
        }
    }

    [Fact]
    public void NextSingle_ManyDraws_StaysBelowOneWithTheMomentsOfUniform()
    {
        const int Draws = 100_000;
        var random = new SeededRandom(3, 4);
        double sum = 0, squares = 0;
        for (int n = 0; n < Draws; n++)
        {
            float drawn = random.NextSingle();
            Assert.True(drawn is >= 0 and < 1, $"{drawn} drawn");
            sum += drawn;
            squares += drawn * drawn;
        }

        // Standard errors √(1/12 / n) = 0.0009 and √(4/45 / n) = 0.0009; the tolerance is five of them.
        Check.Close(0.5, sum / Draws, 0.0046, "mean");
        Check.Close(1.0 / 3, squares / Draws, 0.0047, "mean square");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Shuffle_AnyLength_IsAPermutation(int length)
    {
        int[] items = [.. Enumerable.Range(0, length)];

        new SeededRandom(1, 1).Shuffle(items);

        Assert.Equal(Enumerable.Range(0, length), items.Order());
        Assert.True(length < 1000 || !items.SequenceEqual(Enumerable.Range(0, length)), "a thousand items stayed in place");
    }

    [Fact]
    public void Shuffle_FourItems_GivesEachOfTheirOrdersAboutAsOften()
    {
        const int Draws = 24_000;
        var counts = new Dictionary<string, int>();
        for (int n = 0; n < Draws; n++)
        {
            int[] items = [0, 1, 2, 3];
            new SeededRandom(n, 1).Shuffle(items);
            string order = string.Join(",", items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        // 24 orders, 1,000 of each, standard deviation √(1000 · 23/24) = 31; the tolerance is five of them, the seeds are fixed.
        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 1000 - 155, 1000 + 155));
    }
}
