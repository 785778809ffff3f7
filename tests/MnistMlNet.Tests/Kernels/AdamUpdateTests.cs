using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class AdamUpdateTests
{
    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void The_first_step_moves_each_weight_by_the_learning_rate_against_its_gradient(string tier)
    {
        // m = 0.1 g, v = 0.001 g²; m / (1 - 0.9) = g and √(v / (1 - 0.999)) = |g|: the step is η · sign g, whatever the size of g.
        float[] gradient = [.. Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? 1 : -1) * MathF.Pow(10, i % 8 - 4))];
        float[] weights = new float[16];

        Tiers.Kernels(tier).Adam(weights, gradient, new float[16], new float[16],
            new AdamStep(0.1f, 0.001f, 0.01f / 0.1f, 1 / MathF.Sqrt(0.001f), 0, 1));

        // About ten roundings, including those of the constants: 1e-6 of 0.01.
        Check.Close([.. gradient.Select(g => -0.01 * Math.Sign(g))], weights, 1e-8, tier);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Epsilon_is_added_to_the_root(string tier)
    {
        // m = g = 1, v = g² = 1: w = 0 - 1 / (1 · 2 + 2) = -1/4. Then without a gradient m = 1/2, √v = 1/2:
        // w = -1/4 - 1/2 / (1/2 · 2 + 1) = -1/2. All exact in float.
        IKernels kernels = Tiers.Kernels(tier);
        float[] weights = new float[16], m = new float[16], v = new float[16];

        kernels.Adam(weights, [.. Enumerable.Repeat(1f, 16)], m, v, new AdamStep(1, 1, 1, 2, 2, 1));
        Assert.All(weights, w => Assert.Equal(-0.25f, w));
        kernels.AdamIdle(weights, m, v, new AdamIdleSteps
        {
            Steps = [new AdamStep(0.5f, 0.75f, 1, 2, 1, 1)],
            Beta1 = [0.5f],
            RootBeta2 = [0.5f],
            FirstScale = 0.5f,
            SecondScale = 0.25f,
            FurtherDecay = 1,
        });
        Assert.All(weights, w => Assert.Equal(-0.5f, w));
    }

    [Fact]
    public void Flush_NumbersAroundTheSmallestNormalOne_OnlySmallerOnesAreZero()
    {
        const float Smallest = 1.17549435e-38f;                                        // 2⁻¹²⁶

        Assert.Equal(
            [Smallest, -Smallest, 0, 0],
            [Subnormal.Flush(Smallest), Subnormal.Flush(-Smallest), Subnormal.Flush(MathF.BitDecrement(Smallest)),
                Subnormal.Flush(MathF.BitIncrement(-Smallest))]);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Steps_follow_the_formula_with_and_without_decay_and_stay_within_the_span(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        foreach (float decay in (float[])[1, 0.99f])
        {
            for (int length = 0; length <= 160; length += 16)
            {
                AssertSteps(kernels, new AdamStep(0.1f, 0.001f, 0.02f, 3, 1e-8f, decay), length);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void A_weight_that_never_had_a_gradient_only_decays(string tier)
    {
        // Padded lanes rely on this: 0 / (√0 + ε) is 0, not NaN.
        foreach (float decay in (float[])[1, 0.5f])
        {
            float[] weights = [.. Enumerable.Range(0, 16).Select(i => (float)i)], gradient = new float[16];

            Tiers.Kernels(tier).Adam(weights, gradient, new float[16], new float[16], new AdamStep(0.1f, 0.001f, 1, 1, 1e-8f, decay));

            Check.SameBits([.. Enumerable.Range(0, 16).Select(i => i * decay)], weights, $"{tier}, decay {decay}");
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Moments_that_become_subnormal_are_zero_and_the_smallest_normal_ones_stay(string tier)
    {
        // Without a gradient m shrinks to 0.9 of itself and v to 0.999: 2⁻¹²⁶ and a little more fall below the smallest normal number,
        // 2⁻¹²⁵ doesn't.
        const float Smallest = 1.17549435e-38f;
        float[] m = [.. Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? 1 : -1) * (i < 8 ? 1.05f : 2) * Smallest)];
        float[] v = [.. Enumerable.Range(0, 16).Select(i => i < 8 ? Smallest : 2 * Smallest)], weights = new float[16];

        Tiers.Kernels(tier).Adam(weights, new float[16], m, v, new AdamStep(0.1f, 0.001f, 1, 1, 1e-8f, 1));

        Assert.Equal(Enumerable.Repeat(true, 8).Concat(Enumerable.Repeat(false, 8)), m.Select(x => x == 0));
        Assert.Equal(Enumerable.Repeat(true, 8).Concat(Enumerable.Repeat(false, 8)), v.Select(x => x == 0));
        Assert.All(m[8..], x => Assert.Equal(1.8 * Smallest, Math.Abs((double)x), 1e-6 * Smallest));
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void A_gradient_that_is_not_a_number_is_not_hidden(string tier)
    {
        float[] weights = new float[16], m = new float[16], v = new float[16];

        Tiers.Kernels(tier).Adam(weights, [.. Enumerable.Repeat(float.NaN, 16)], m, v, new AdamStep(0.1f, 0.001f, 1, 1, 1e-8f, 1));

        Assert.All([.. weights, .. m, .. v], x => Assert.Equal(float.NaN, x));
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Several_steps_without_a_gradient_are_those_of_the_formula_one_by_one(string tier)
    {
        // The last two of the five steps are later than the moment matters: they only decay the weight, by 0.98 · 0.97.
        float[] decays = [0.99f, 1, 0.995f], rates = [0.02f, 0.05f, 0.03f], scales = [3, 2.5f, 2];
        for (int length = 16; length <= 96; length += 16)
        {
            var random = new Random(length);
            var weights = new GuardedArray(SampleNumbers.Floats(random, length));
            var first = new GuardedArray(SampleNumbers.Floats(random, length));
            var second = new GuardedArray(Array.ConvertAll(SampleNumbers.Floats(random, length), x => 0.01f + MathF.Abs(x)));
            double[] w = [.. weights.Span.ToArray()], m = [.. first.Span.ToArray()], v = [.. second.Span.ToArray()];
            for (int i = 0; i < length; i++)
            {
                for (int k = 0; k < 5; k++)
                {
                    (m[i], v[i]) = (0.9 * m[i], 0.99 * v[i]);
                    w[i] = k < 3 ? decays[k] * w[i] - rates[k] * m[i] / (Math.Sqrt(v[i]) * scales[k] + 1e-8) : w[i];
                }

                w[i] *= 0.98 * 0.97;
            }

            Tiers.Kernels(tier).AdamIdle(weights.Span, first.Span, second.Span, new AdamIdleSteps
            {
                Steps = [.. Enumerable.Range(0, 3).Select(k => new AdamStep(0.1f, 0.01f, rates[k], scales[k], 1e-8f, decays[k]))],
                Beta1 = [0.9f, 0.81f, 0.729f],
                RootBeta2 = [MathF.Sqrt(0.99f), 0.99f, 0.99f * MathF.Sqrt(0.99f)],
                FirstScale = MathF.Pow(0.9f, 5),
                SecondScale = MathF.Pow(0.99f, 5),
                FurtherDecay = 0.98f * 0.97f,
            });

            // Weights: up to 1.5; each of three changes, at most 0.5, has about six roundings.
            Check.Close(w, weights.Span, 2e-6, $"{tier}, {length} weights");
            Check.Close(m, first.Span, 1e-6, $"{tier}, {length}, first moment");
            Check.Close(v, second.Span, 1e-6, $"{tier}, {length}, second moment");
            weights.AssertGuardsIntact("weights");
            first.AssertGuardsIntact("first moment");
            second.AssertGuardsIntact("second moment");
        }
    }

    private static void AssertSteps(IKernels kernels, AdamStep step, int length)
    {
        var random = new Random(length);
        var weights = new GuardedArray(SampleNumbers.Floats(random, length));
        var first = new GuardedArray(SampleNumbers.Floats(random, length));
        var second = new GuardedArray(Array.ConvertAll(SampleNumbers.Floats(random, length), MathF.Abs));
        for (int t = 0; t < 3; t++)
        {
            float[] gradient = SampleNumbers.Floats(random, length);
            double[] w = new double[length], m = new double[length], v = new double[length];
            for (int i = 0; i < length; i++)
            {
                double g = gradient[i];
                m[i] = first.Span[i] + step.OneMinusBeta1 * (g - first.Span[i]);
                v[i] = second.Span[i] + step.OneMinusBeta2 * (g * g - second.Span[i]);
                w[i] = step.Decay * (double)weights.Span[i] - step.Rate * m[i] / (Math.Sqrt(v[i]) * step.RootScale + step.Epsilon);
            }

            kernels.Adam(weights.Span, gradient, first.Span, second.Span, step);

            // Moments: three roundings of numbers up to 2. Weights: up to 1, changed by rate · m / √v · 3 with √v above 1e-3: m's error of
            // 4e-7 becomes 3e-6.
            string context = $"{kernels.Tier}, {length} weights, decay {step.Decay}, step {t}";
            Check.Close(m, first.Span, 6 * Tiers.Rounding, context + ", first moment");
            Check.Close(v, second.Span, 6 * Tiers.Rounding, context + ", second moment");
            Check.Close(w, weights.Span, 4e-6, context);
        }

        weights.AssertGuardsIntact("weights");
        first.AssertGuardsIntact("first moment");
        second.AssertGuardsIntact("second moment");
    }
}
