using MnistMlNet.Augmentations;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;
using MnistMlNet.Tests.Kernels;

namespace MnistMlNet.Tests.Augmentations;

[Trait("Category", "HardwareTier")]
public class ElasticSmoothingTests
{
    [Theory]
    [InlineData(0.1f, 3)]
    [InlineData(1f, 7)]
    [InlineData(4f, 25)]
    [InlineData(6.5f, 41)]
    public void The_kernel_is_a_gaussian_that_sums_to_one(float sigma, int length)
    {
        double[] kernel = ElasticSmoothing.Kernel(sigma);

        Assert.Equal(length, kernel.Length);
        Check.Close(1, kernel.Sum(), 1e-14, "sum");
        Check.Close(Math.Exp(-1 / (2.0 * sigma * sigma)), kernel[length / 2 + 1] / kernel[length / 2], 1e-14, "neighbour over middle");
        Assert.Equal(kernel, kernel.Reverse());
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void AddTo_AnySize_EqualsConvolutionByTheDefinition(string tier)
    {
        foreach (
            (int width, int height, float sigma) in ((int, int, float)[])[(1, 1, 1f), (5, 3, 0.7f), (28, 28, 4f), (17, 40, 2.5f),
            (70, 19, 3f)])
        {
            const float Alpha = 34;
            int stride = AlignedArray.Pad(width);
            float[] noise = SampleNumbers.Floats(new Random(2), height * stride);
            float[] actual = new float[height * stride];
            Array.Fill(actual, 100f);

            new ElasticSmoothing(width, height, Alpha, sigma).AddTo(Tiers.Kernels(tier), noise, new float[height * stride], actual);

            double[] kernel = ElasticSmoothing.Kernel(sigma);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    double sum = 0, squares = 0, whole = Math.Pow(kernel.Sum(value => value * value), 2);
                    for (int v = 0; v < height; v++)
                    {
                        for (int u = 0; u < width; u++)
                        {
                            double weight = At(kernel, u - x) * At(kernel, v - y);
                            sum += weight * noise[v * stride + u];
                            squares += weight * weight;
                        }
                    }

                    // 100 + sums of at most 600 terms; one rounding of 100 alone is 3.8e-6.
                    Check.Close(100 + Alpha * sum * Math.Sqrt(whole / squares), actual[y * stride + x], 1e-4,
                        $"{tier}, {width} × {height}, ({x}, {y})");
                }
            }
        }
    }

    [Fact]
    public void Displacements_have_the_documented_deviation_and_correlation()
    {
        // α / (2σ √(3π)) = 34 / (8 · 3.0700) = 1.3844 pixels; two pixels d apart correlate by exp(-d² / 4σ²): 0.7788 for d = 4, 0.3679 for
        // d = 8.
        const int Fields = 4000, Side = 28, Stride = 32;
        var smoothing = new ElasticSmoothing(Side, Side, 34, 4);
        var random = new AugmentationRandom(1);
        float[] noise = new float[Side * Stride], between = new float[noise.Length], field = new float[noise.Length];
        int[] places = [0, 27, 27 * Stride + 5, 14 * Stride + 10, 14 * Stride + 14, 14 * Stride + 18];
        double[] sums = new double[places.Length], squares = new double[places.Length];
        double near = 0, far = 0;
        for (int i = 0; i < Fields; i++)
        {
            random.FillUniform(noise, -1, 1);
            Array.Clear(field);
            smoothing.AddTo(KernelSelector.Best, noise, between, field);
            for (int p = 0; p < places.Length; p++)
            {
                sums[p] += field[places[p]];
                squares[p] += field[places[p]] * field[places[p]];
            }

            near += field[places[3]] * field[places[4]];
            far += field[places[3]] * field[places[5]];
        }

        // 4,000 fields: standard errors 1.6 % of a variance, 0.022 pixels of a mean.
        for (int p = 0; p < places.Length; p++)
        {
            Check.Close(0, sums[p] / Fields, 0.09, $"mean at {places[p]}");
            Check.Close(1.3844 * 1.3844, squares[p] / Fields, 0.07 * 1.3844 * 1.3844, $"variance at {places[p]}");
        }

        Check.Close(0.7788, near / Math.Sqrt(squares[3] * squares[4]), 0.04, "correlation at 4 pixels");
        Check.Close(0.3679, far / Math.Sqrt(squares[3] * squares[5]), 0.06, "correlation at 8 pixels");
    }

    private static double At(double[] kernel, int distance) =>
        Math.Abs(distance) <= kernel.Length / 2 ? kernel[distance + kernel.Length / 2] : 0;
}
