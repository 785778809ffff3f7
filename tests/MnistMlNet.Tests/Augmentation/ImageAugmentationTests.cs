using MnistMlNet.Kernels;
using MnistMlNet.Tests.Kernels;

namespace MnistMlNet.Tests.Augmentations;

[Trait("Category", "HardwareTier")]
public class ImageAugmentationTests
{
    private const int Side = 41;
    private const int Centre = Side / 2;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(28, 28)]
    [InlineData(40, 33)]
    public void Without_any_distortion_the_image_comes_back_bit_by_bit(int width, int height)
    {
        float[] image = SampleNumbers.Floats(new Random(1), width * height);

        Check.SameBits(image, Apply(Augmentation.Affine(width, height, 0, 0, 1, 1, 0), image, new AugmentationRandom(1)), "affine");
        Check.SameBits(image, Apply(Augmentation.Elastic(width, height, alpha: 0), image, new AugmentationRandom(1)), "elastic");
    }

    [Theory]
    [MemberData(nameof(Tiers.Vectors), MemberType = typeof(Tiers))]
    public void Apply_AnyTier_EqualsScalarKernels(string tier)
    {
        foreach ((int width, int height) in ((int, int)[])[(28, 28), (13, 20), (50, 6)])
        {
            float[] image = SampleNumbers.Floats(new Random(2), width * height);
            for (int seed = 0; seed < 5; seed++)
            {
                float[] expected = Apply(new ImageAugmentation(width, height, new ScalarKernels()), image, new AugmentationRandom(seed));
                float[] actual = Apply(new ImageAugmentation(width, height, Tiers.Kernels(tier)), image, new AugmentationRandom(seed));

                // Positions up to 60 pixels, with a resolution of 2⁻¹⁹, are sums of 60 terms; neighbouring pixels differ by at most 2.
                Check.Close(Array.ConvertAll(expected, value => (double)value), actual, 1e-4, $"{tier}, seed {seed}");
            }
        }
    }

    [Fact]
    public void Shifts_are_uniform_up_to_the_largest_along_both_axes()
    {
        double[][] places = Centres(
            new ImageAugmentation(Side, Side) { Shift = 3, Rotation = 0, MinScale = 1, MaxScale = 1, Shear = 0, ElasticAlpha = 0 }, 0, 0);

        AssertUniform(places.Select(place => place[0]), -3, 3, "x");
        AssertUniform(places.Select(place => place[1]), -3, 3, "y");
    }

    [Fact]
    public void Angles_are_uniform_up_to_the_largest()
    {
        // A dot ten pixels to the right of the centre. Its centre of mass is off by some hundredths of a pixel, which is what bilinear
        // interpolation does.
        double[][] places = Centres(
            new ImageAugmentation(Side, Side) { Shift = 0, Rotation = 25, MinScale = 1, MaxScale = 1, Shear = 0, ElasticAlpha = 0 }, 10, 0);

        AssertUniform(places.Select(place => Math.Atan2(place[1], place[0]) * 180 / Math.PI), -25, 25, "angle", 0.6);
        Assert.All(places, place => Check.Close(10, Math.Sqrt(place[0] * place[0] + place[1] * place[1]), 0.15, "distance"));
    }

    [Fact]
    public void Scales_of_width_and_height_are_uniform_and_independent()
    {
        ImageAugmentation augmentation = new(Side, Side)
        {
            Shift = 0,
            Rotation = 0,
            MinScale = 0.7f,
            MaxScale = 1.3f,
            Shear = 0,
            ElasticAlpha = 0
        };

        double[][] places = Centres(augmentation, 10, 10);

        AssertUniform(places.Select(place => place[0] / 10), 0.7, 1.3, "width", 0.03);
        AssertUniform(places.Select(place => place[1] / 10), 0.7, 1.3, "height", 0.03);
        // variance 0.6² / 12 = 0.03
        Check.Close(0, places.Average(place => (place[0] / 10 - 1) * (place[1] / 10 - 1)) / 0.03, 0.12, "correlation");
    }

    [Fact]
    public void Slants_are_uniform_and_move_rows_sideways_only()
    {
        double[][] places = Centres(
            new ImageAugmentation(Side, Side) { Shift = 0, Rotation = 0, MinScale = 1, MaxScale = 1, Shear = 0.5f, ElasticAlpha = 0 }, 0,
            10);

        AssertUniform(places.Select(place => place[0] / 10), -0.5, 0.5, "slant", 0.02);
        Assert.All(places, place => Check.Close(10, place[1], 0.15, "row"));
    }

    [Fact]
    public void Elastic_distortions_move_a_wide_spot_by_alpha_over_2_sigma_root_3_pi()
    {
        // With σ far above the spot's size the spot moves without changing shape: by 60 / (2 · 8 · 3.07) = 1.2215 pixels along each axis.
        // The map gives where pixels come from, so the spot moves against d.
        double[][] places = Centres(Augmentation.Elastic(Side, Side, 60, 8), 0, 0);

        foreach (int axis in (int[])[0, 1])
        {
            Check.Close(0, places.Average(place => place[axis]), 0.1, "mean");
            Check.Close(1.2215, Math.Sqrt(places.Average(place => place[axis] * place[axis])), 0.1, "deviation");
        }

        Check.Close(0, places.Average(place => place[0] * place[1]), 0.12, "covariance of the axes");
    }

    [Theory]
    [InlineData(0, 28, "width is 0; it must be 1 to 4096.")]
    [InlineData(28, 4097, "height is 4097; it must be 1 to 4096.")]
    public void A_size_out_of_range_is_refused_by_name(int width, int height, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(() => new ImageAugmentation(width, height)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_property_out_of_range_is_refused_by_name()
    {
        (string Message, Func<float, ImageAugmentation> Make, float[] Bad)[] cases =
        [
            ("Shift is {0}; it must be 0 to 4096.", value => new(2, 2) { Shift = value }, [-1, 4097, float.NaN]),
            ("Rotation is {0}; it must be 0 to 180.", value => new(2, 2) { Rotation = value }, [-1, 181, float.NaN]),
            ("MinScale is {0}; it must be 0.01 to 100.", value => new(2, 2) { MinScale = value }, [0, 101, float.NaN]),
            ("MaxScale is {0}; it must be 0.01 to 100.", value => new(2, 2) { MaxScale = value }, [0, 101, float.PositiveInfinity]),
            ("Shear is {0}; it must be 0 to 10.", value => new(2, 2) { Shear = value }, [-1, 11, float.NaN]),
            ("ElasticAlpha is {0}; it must be 0 to 1000000.", value => new(2, 2) { ElasticAlpha = value }, [-1, 1000001, float.NaN]),
            ("ElasticSigma is {0}; it must be 0.1 to 4096.", value => new(2, 2) { ElasticSigma = value }, [0, 4097, float.NaN]),
        ];
        foreach ((string message, Func<float, ImageAugmentation> make, float[] bad) in cases)
        {
            foreach (float value in bad)
            {
                ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() => make(value));
                Assert.StartsWith(string.Format(System.Globalization.CultureInfo.InvariantCulture, message, value), e.Message,
                    StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Another_number_of_features_and_crossed_scales_are_refused()
    {
        ArgumentException size = Assert.Throws<ArgumentException>(() => new ImageAugmentation(28, 20).CheckInputCount(784));
        Assert.StartsWith("ImageAugmentation is for images of 28 × 20 = 560 features; the rows have 784.", size.Message,
            StringComparison.Ordinal);

        ArgumentException scales = Assert.Throws<ArgumentException>(() => new ImageAugmentation(2, 2) { MinScale = 2 }.CheckInputCount(4));
        Assert.Equal("MinScale is 2; it must be no more than MaxScale, which is 1.15.", scales.Message);
    }

    private static float[] Apply(IAugmentation augmentation, float[] image, AugmentationRandom random)
    {
        float[] destination = [.. Enumerable.Repeat(float.NaN, image.Length)],
            scratch = [.. Enumerable.Repeat(float.NaN, augmentation.GetScratchLength(image.Length))];
        augmentation.Apply(image, destination, scratch, random);
        return destination;
    }

    /// <summary>
    /// The position of a dot, relative to the centre, after each of a thousand augmentations: the centre of mass of the result.
    /// </summary>
    private static double[][] Centres(ImageAugmentation augmentation, int x, int y)
    {
        // A small pyramid rather than one pixel: the interpolation of a linear slope is exact.
        float[] image = new float[Side * Side];
        for (int dy = -3; dy <= 3; dy++)
        {
            for (int dx = -3; dx <= 3; dx++)
            {
                image[(Centre + y + dy) * Side + Centre + x + dx] = (4 - Math.Abs(dx)) * (4 - Math.Abs(dy));
            }
        }

        var random = new AugmentationRandom(4);
        return [.. Enumerable.Range(0, 1000).Select(_ =>
        {
            float[] result = Apply(augmentation, image, random);
            double sum = result.Sum(value => (double)value);
            return new[] { result.Select((value, i) => value * (double)(i % Side - Centre)).Sum() / sum,
                result.Select((value, i) => value * (double)(i / Side - Centre)).Sum() / sum };
        })];
    }

    /// <summary>
    /// All values are within the range, and mean and deviation are those of a uniform distribution. 1,000 draws have standard errors of 1.8
    /// % of half the range and 2 %.
    /// </summary>
    private static void AssertUniform(IEnumerable<double> values, double least, double most, string context, double slack = 0.01)
    {
        double[] all = [.. values];
        double half = (most - least) / 2, mean = all.Average();
        Assert.All(all, value => Assert.InRange(value, least - slack, most + slack));
        Check.Close((least + most) / 2, mean, 0.08 * half, $"mean {context}");
        Check.Close(half / Math.Sqrt(3), Math.Sqrt(all.Average(value => (value - mean) * (value - mean))), 0.06 * half,
            $"deviation {context}");
    }
}
