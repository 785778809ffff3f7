using System.Numerics.Tensors;
using MnistMlNet.Augmentations;
using MnistMlNet.Primitives;

namespace MnistMlNet;

/// <summary>
/// The random number generator for an <see cref="IAugmentation"/>. It is seeded again for each row and epoch, each time with another seed.
/// </summary>
/// <remarks>
/// xoshiro256** (Blackman and Vigna 2018, arXiv:1805.01407); long spans are filled by eight parallel generators of xoshiro256++. Uniform
/// numbers are the same on every machine; Gaussian numbers may differ in the last bits between machines of different vector widths. Not
/// thread-safe: use one generator for each thread.
/// </remarks>
public sealed class AugmentationRandom
{
    /// <summary>The number of floats of a block of <see cref="FillGaussian"/>: the first 64 are radii, the last 64 angles.</summary>
    private const int GaussianBlock = 128;

    private SeededRandom _random;

    /// <summary>Makes a generator of the kind that the trainer uses, for example to test an augmentation.</summary>
    /// <param name="seed">Any number; the same seed gives the same random numbers.</param>
    public AugmentationRandom(int seed)
    {
        Restart(seed, 0, 0);
    }

    /// <summary>Draws a number from 0 (included) to 1 (not included), a multiple of 2⁻²⁴.</summary>
    /// <returns>The number.</returns>
    public float NextSingle() => _random.NextSingle();

    /// <summary>Draws a number from <paramref name="minimum"/> to <paramref name="maximum"/>.</summary>
    /// <param name="minimum">The smallest number.</param>
    /// <param name="maximum">The largest number; reached by rounding only.</param>
    /// <returns><c>minimum + (maximum - minimum) · u</c>, u from 0 to 1.</returns>
    public float NextSingle(float minimum, float maximum) => minimum + (maximum - minimum) * _random.NextSingle();

    /// <summary>Fills a span with independent uniform numbers, as <see cref="NextSingle(float, float)"/> draws them, but faster.</summary>
    /// <param name="destination">The span to fill; any length.</param>
    /// <param name="minimum">The smallest number.</param>
    /// <param name="maximum">The largest number; reached by rounding only.</param>
    public void FillUniform(Span<float> destination, float minimum, float maximum) =>
        UniformLanes.Fill(ref _random, destination, minimum, maximum - minimum);

    /// <summary>Fills a span with independent numbers of a normal distribution.</summary>
    /// <param name="destination">The span to fill; any length.</param>
    /// <param name="mean">The mean of the distribution.</param>
    /// <param name="standardDeviation">The standard deviation of the distribution, 0 or above.</param>
    /// <remarks>
    /// Box and Muller 1958: <c>√(-2 ln u) · (cos 2πv, sin 2πv)</c>. As u is at least 2⁻²⁴, no number is farther than 5.77 standard
    /// deviations from the mean.
    /// </remarks>
    public void FillGaussian(Span<float> destination, float mean, float standardDeviation)
    {
        int whole = destination.Length / GaussianBlock * GaussianBlock;
        FillUniform(destination[..whole], 0, 1);
        for (int first = 0; first < whole; first += GaussianBlock)
        {
            ToGaussian(destination.Slice(first, GaussianBlock), mean, standardDeviation);
        }

        if (whole < destination.Length)
        {
            // Always a multiple of 32, so that TensorPrimitives processes only full vectors.
            Span<float> last = stackalloc float[GaussianBlock];
            last = last[..((destination.Length - whole + 31) / 32 * 32)];
            FillUniform(last, 0, 1);
            ToGaussian(last, mean, standardDeviation);
            last[..(destination.Length - whole)].CopyTo(destination[whole..]);
        }
    }

    /// <summary>Starts the stream of one row in one epoch.</summary>
    /// <param name="seed">The training seed.</param>
    /// <param name="epoch">From 1.</param>
    /// <param name="row">The row's position in the data, from 0.</param>
    internal void Restart(int seed, int epoch, long row)
    {
        // The constant makes these streams differ from those of the initial weights and the row orders, which use the same seed.
        const ulong Purpose = 0xA065_1F3C_77D2_94EB;
        ulong key = SeededRandom.Mix(Purpose + (uint)seed);
        key = SeededRandom.Mix(key + (uint)epoch);
        key = SeededRandom.Mix(key + (ulong)row);
        _random = new SeededRandom((int)key, key >> 32);
    }

    /// <summary>
    /// Turns uniform numbers into normal ones, in place: the radii come from the first half of the block, the angles from the second half.
    /// </summary>
    private static void ToGaussian(Span<float> block, float mean, float standardDeviation)
    {
        int pairs = block.Length / 2;
        Span<float> radii = block[..pairs], angles = block[pairs..], cosines = stackalloc float[GaussianBlock / 2];
        cosines = cosines[..pairs];
        TensorPrimitives.Subtract(1f, radii, radii);                               // from 2⁻²⁴ to 1: the logarithm of 0 is infinite
        TensorPrimitives.Log(radii, radii);
        TensorPrimitives.Multiply(radii, -2f, radii);
        TensorPrimitives.Sqrt(radii, radii);
        TensorPrimitives.Multiply(radii, standardDeviation, radii);
        TensorPrimitives.Multiply(angles, MathF.Tau, angles);
        TensorPrimitives.Cos(angles, cosines);
        TensorPrimitives.Sin(angles, angles);
        TensorPrimitives.Multiply(angles, radii, angles);
        TensorPrimitives.Multiply(radii, cosines, radii);
        TensorPrimitives.Add(block, mean, block);
    }
}
