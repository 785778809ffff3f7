using MnistMlNet.Optimizers.Lbfgs;

namespace MnistMlNet.Tests.Optimizers.Lbfgs;

public class LbfgsHistoryTests
{
    private const int Length = 5;

    [Theory]
    [InlineData(1, 1e-6f)]
    [InlineData(1e-6f, 1)]
    [InlineData(1e-6f, 1e-6f)]
    [InlineData(1e6f, 1e6f)]
    public void A_pair_of_any_length_is_added_if_its_directions_agree(float step, float change)
    {
        float[] s = [step, 0, 0, 0, 0], y = [change, 0, 0, 0, 0];                  // the cosine is 1

        Assert.True(new LbfgsHistory(Length, 1).Add(new float[Length], s, new float[Length], y));
    }

    [Fact]
    public void Import_HistoryWithPairs_ReplacesThem()
    {
        var history = new LbfgsHistory(Length, 4);
        float[] ones = [1, 1, 1, 1, 1];
        Assert.True(history.Add(new float[Length], ones, new float[Length], ones));

        history.Import([[2, 0, 0, 0, 0]], [[4, 0, 0, 0, 0]], [0.125]);

        Assert.Equal([2f, 0, 0, 0, 0], Assert.Single(history.Export().Steps));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 3)]
    [InlineData(6, 4)]
    public void The_direction_is_minus_the_gradient_times_the_matrix_of_the_BFGS_formula(int pairs, int capacity)
    {
        var random = new Random(11);
        var history = new LbfgsHistory(Length, capacity);
        var kept = new List<(double[] S, double[] Y)>();
        for (int i = 0; i < pairs; i++)
        {
            // y = D s with a positive diagonal D: the curvature is above 0, as on a convex function.
            float[] s = SampleNumbers.Floats(random, Length);
            float[] y = [.. s.Select((value, k) => value * (k + 1))];
            Assert.True(history.Add(new float[Length], s, new float[Length], y));
            kept.Add((Doubles(s), Doubles(y)));
        }

        float[] gradient = SampleNumbers.Floats(random, Length), direction = new float[Length];
        history.Direction(gradient, direction);

        double[,] h = InverseHessian(kept[Math.Max(0, pairs - capacity)..]);
        Assert.Equal(Math.Min(pairs, capacity), history.Count);
        for (int r = 0; r < Length; r++)
        {
            double expected = 0;
            for (int c = 0; c < Length; c++)
            {
                expected -= h[r, c] * gradient[c];
            }

            // up to 12 roundings of 2⁻²⁴ in vectors whose entries stay below 10
            Check.Close(expected, direction[r], 2e-5, $"direction[{r}]");
        }
    }

    [Fact]
    public void Without_pairs_the_direction_is_minus_the_gradient()
    {
        float[] direction = new float[2];
        new LbfgsHistory(2, 3).Direction([3f, -4f], direction);
        Assert.Equal([-3f, 4f], direction);
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(-1f, 0f)]
    [InlineData(0f, 1f)]
    [InlineData(1e-12f, 1f)]
    [InlineData(float.NaN, 1f)]
    public void A_pair_without_clear_curvature_is_not_kept(float y0, float y1)
    {
        var history = new LbfgsHistory(2, 3);
        Assert.False(history.Add([0, 0], [1, 0], [0, 0], [y0, y1]));
        Assert.Equal(0, history.Count);
        Assert.True(history.Add([0, 0], [1, 0], [0, 0], [2, 0]));              // and the next is
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1003)]
    public void Dot_products_are_sums_of_exact_products_wherever_the_block_lies(int length)
    {
        var random = new Random(length);
        float[] x = SampleNumbers.Floats(random, length + 16), y = SampleNumbers.Floats(random, length + 16);
        double expected = 0;
        for (int i = 0; i < length; i++)
        {
            expected += (double)x[i] * y[i];
        }

        double actual = LbfgsVectors.Dot(x.AsSpan(0, length), y.AsSpan(0, length));

        Assert.Equal(expected, actual, 1e-12 * Math.Max(1, length));
        for (int shift = 1; shift < 16; shift++)
        {
            float[] moved = new float[length + 16];
            x.AsSpan(0, length).CopyTo(moved.AsSpan(shift));
            Assert.Equal(BitConverter.DoubleToInt64Bits(actual),
                BitConverter.DoubleToInt64Bits(LbfgsVectors.Dot(moved.AsSpan(shift, length), y.AsSpan(0, length))));
        }
    }

    /// <summary>
    /// <c>H ← (I - ρ s yᵀ) H (I - ρ y sᵀ) + ρ s sᵀ</c> (Nocedal and Wright, equation 6.17) from <c>γ I</c>, as full matrices.
    /// </summary>
    private static double[,] InverseHessian(List<(double[] S, double[] Y)> pairs)
    {
        (double[] lastS, double[] lastY) = pairs[^1];
        double gamma = Dot(lastS, lastY) / Dot(lastY, lastY);
        double[,] h = new double[Length, Length];
        for (int i = 0; i < Length; i++)
        {
            h[i, i] = gamma;
        }

        foreach ((double[] s, double[] y) in pairs)
        {
            double rho = 1 / Dot(s, y);
            double[,] left = new double[Length, Length], right = new double[Length, Length];
            for (int r = 0; r < Length; r++)
            {
                for (int c = 0; c < Length; c++)
                {
                    left[r, c] = (r == c ? 1 : 0) - rho * s[r] * y[c];
                    right[r, c] = (r == c ? 1 : 0) - rho * y[r] * s[c];
                }
            }

            h = Multiply(Multiply(left, h), right);
            for (int r = 0; r < Length; r++)
            {
                for (int c = 0; c < Length; c++)
                {
                    h[r, c] += rho * s[r] * s[c];
                }
            }
        }

        return h;
    }

    private static double[,] Multiply(double[,] a, double[,] b)
    {
        double[,] product = new double[Length, Length];
        for (int r = 0; r < Length; r++)
        {
            for (int c = 0; c < Length; c++)
            {
                for (int k = 0; k < Length; k++)
                {
                    product[r, c] += a[r, k] * b[k, c];
                }
            }
        }

        return product;
    }

    private static double Dot(double[] x, double[] y) => x.Zip(y).Sum(pair => pair.First * pair.Second);

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);
}
