using MnistMlNet.Augmentations;

namespace MnistMlNet.Tests.Augmentations;

[Trait("Category", "HardwareTier")]
public class AugmentationRandomTests
{
    private const float Unit = 1f / (1 << 24);

    [Fact]
    public void A_rows_stream_is_the_one_that_an_independent_program_computes()
    {
        // Seed 1, epoch 2, row 3, from a Python program written from the papers (SplitMix64, xoshiro256**, xoshiro256++): multiples of
        // 2⁻²⁴.
        var random = new AugmentationRandom(9);
        random.Restart(1, 2, 3);
        Assert.Equal([14930071 * Unit, 13461525 * Unit, 7180179 * Unit], [random.NextSingle(), random.NextSingle(), random.NextSingle()]);

        random.Restart(1, 2, 3);
        float[] many = new float[100];
        random.FillUniform(many, 0, 1);
        Assert.Equal([4602080 * Unit, 15554903 * Unit, 9382741 * Unit], many[..3]);
        Assert.Equal([3404878 * Unit, 3402680 * Unit, 12880522 * Unit], many[97..]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lane_gives_the_published_numbers_of_its_generator(bool vector)
    {
        // xoshiro256++ from the state 1, 2, 3, 4, as its implementations test themselves. Each number gives two floats: the lower 32 bits,
        // then the upper 32 bits.
        ulong[] published = [41943041, 58720359, 3588806011781223, 3591011842654386];
        ulong[] state = [.. Enumerable.Range(0, 32).Select(i => (ulong)(i / 8 + 1))];
        float[] floats = new float[16 * published.Length];

        Fill(vector, state, floats, 0, 1);

        for (int i = 0; i < floats.Length; i++)
        {
            ulong bits = published[i / 16];
            Assert.Equal((i % 2 == 0 ? (uint)bits >> 8 : (uint)(bits >> 40)) * Unit, floats[i]);
        }
    }

    [Fact]
    public void Scalar_and_vector_lanes_give_the_same_bits_and_end_in_the_same_state()
    {
        var random = new Random(5);
        ulong[] one = [.. Enumerable.Range(0, 32).Select(_ => (ulong)random.NextInt64())], two = [.. one];
        float[] scalar = new float[16 * 40], vector = new float[scalar.Length];

        Fill(vector: false, one, scalar, -1.7f, 3.1f);
        Fill(vector: true, two, vector, -1.7f, 3.1f);

        Check.SameBits(scalar, vector, "floats");
        Assert.Equal(one, two);
    }

    [Fact]
    public void Each_seed_epoch_and_row_has_a_different_stream()
    {
        var random = new AugmentationRandom(0);
        var seen = new HashSet<(float, float)>();
        for (int seed = 0; seed < 4; seed++)
        {
            for (int epoch = 0; epoch < 4; epoch++)
            {
                foreach (long row in (long[])[0, 1, 2, 3, 1L << 40])
                {
                    random.Restart(seed, epoch, row);
                    Assert.True(seen.Add((random.NextSingle(), random.NextSingle())), $"seed {seed}, epoch {epoch}, row {row}");
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1000)]
    public void Every_place_of_a_span_is_filled_and_none_beyond(int length)
    {
        var random = new AugmentationRandom(1);
        float[] uniform = [.. Enumerable.Repeat(float.NaN, length + 1)], gaussian = [.. uniform];

        random.FillUniform(uniform.AsSpan(0, length), 2, 5);
        random.FillGaussian(gaussian.AsSpan(0, length), 2, 5);

        Assert.All(uniform[..length], value => Assert.InRange(value, 2, 5));
        Assert.All(gaussian[..length], value => Assert.InRange(value, 2 - 5 * 5.77f, 2 + 5 * 5.77f));
        Assert.True(length < 2 || (uniform[..length].Distinct().Count() > length / 2 && gaussian[..length].Distinct().Count() > length / 2),
            "The numbers repeat.");
        Assert.True(float.IsNaN(uniform[length]) && float.IsNaN(gaussian[length]), "Written beyond the span.");
    }

    [Theory]
    [InlineData(50)]
    [InlineData(784)]
    public void Uniform_and_gaussian_numbers_have_the_moments_of_their_distributions(int length)
    {
        // 200,000 numbers: standard errors 0.0022 of a mean, 0.0032 of a variance, 0.0011 of a fraction, of a normal distribution.
        var random = new AugmentationRandom(3);
        List<double> uniform = [], gaussian = [];
        float[] row = new float[length];
        while (uniform.Count < 200_000)
        {
            random.FillUniform(row, -1, 1);
            uniform.AddRange(row.Select(value => (double)value));
            random.FillGaussian(row, 10, 2);
            gaussian.AddRange(row.Select(value => (value - 10) / 2.0));
        }

        Check.Close(0, uniform.Average(), 0.006, "uniform mean");
        Check.Close(1.0 / 3, uniform.Average(x => x * x), 0.003, "uniform variance");
        Check.Close(0, uniform.Zip(uniform.Skip(1), (x, y) => x * y).Average(), 0.004, "uniform covariance of neighbours");
        Check.Close(0, gaussian.Average(), 0.01, "gaussian mean");
        Check.Close(1, gaussian.Average(x => x * x), 0.015, "gaussian variance");
        Check.Close(3, gaussian.Average(x => x * x * x * x), 0.12, "gaussian fourth moment");
        Check.Close(0.6827, gaussian.Average(x => Math.Abs(x) < 1 ? 1 : 0), 0.005, "share within one standard deviation");
        Check.Close(0.0455, gaussian.Average(x => Math.Abs(x) > 2 ? 1 : 0), 0.0025, "share beyond two standard deviations");
        Check.Close(0, gaussian.Zip(gaussian.Skip(length / 2), (x, y) => x * y).Average(), 0.01,
            "gaussian covariance of radius and angle partners");
    }

    private static void Fill(bool vector, ulong[] state, float[] floats, float minimum, float range)
    {
        if (vector)
        {
            UniformLanes.Vector(state, floats, minimum, range);
        }
        else
        {
            UniformLanes.Scalar(state, floats, minimum, range);
        }
    }
}
