using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class GradientDescentUpdateTests
{
    public static TheoryData<string, float, bool, float> Cases { get; } = MakeCases();

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void A_velocity_that_becomes_subnormal_is_zero(string tier)
    {
        float[] weights = new float[16], velocity = [.. Enumerable.Range(0, 16).Select(i => (i < 8 ? 1.05f : 2) * 1.17549435e-38f)];

        Tiers.Kernels(tier).GradientDescent(weights, new float[16], velocity, new GradientDescentStep(0.1f, 0.9f, Nesterov: false, L2: 0));

        Assert.Equal(Enumerable.Repeat(true, 8).Concat(Enumerable.Repeat(false, 8)), velocity.Select(x => x == 0));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Three_steps_follow_the_formula_and_stay_within_the_span(string tier, float momentum, bool nesterov, float l2)
    {
        IKernels kernels = Tiers.Kernels(tier);
        for (int length = 0; length <= 160; length += 16)
        {
            var random = new Random(length);
            float[] start = SampleNumbers.Floats(random, length);
            var weights = new GuardedArray(start);
            var velocity = new GuardedArray(momentum == 0 ? [] : new float[length]);
            double[] w = Array.ConvertAll(start, x => (double)x), u = new double[length];
            for (int t = 0; t < 3; t++)
            {
                float[] gradient = SampleNumbers.Floats(random, length);
                for (int i = 0; i < length; i++)
                {
                    double d = gradient[i] + l2 * w[i];
                    u[i] = momentum * u[i] - 0.1 * d;
                    w[i] += nesterov ? momentum * u[i] - 0.1 * d : u[i];
                }

                kernels.GradientDescent(weights.Span, gradient, velocity.Span, new GradientDescentStep(0.1f, momentum, nesterov, l2));
            }

            // Three steps of about six roundings (including those of the constants) of numbers up to 2: 36 · 2⁻²⁴ = 2.1e-6.
            string context = $"{tier}, {length} weights, momentum {momentum}, Nesterov {nesterov}, L2 {l2}";
            Check.Close(w, weights.Span, 36 * Tiers.Rounding, context);
            weights.AssertGuardsIntact(context);
            velocity.AssertGuardsIntact(context);
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Two_steps_with_momentum_match_hand_arithmetic(string tier)
    {
        // η = 1/4, μ = 1/2, g = 1: u = -1/4, w = 1 - 1/4 = 3/4; then u = -1/8 - 1/4 = -3/8, w = 3/4 - 3/8 = 3/8. All exact in float.
        float[] weights = Enumerable.Repeat(1f, 16).ToArray(), velocity = new float[16], gradient = Enumerable.Repeat(1f, 16).ToArray();
        var step = new GradientDescentStep(0.25f, 0.5f, Nesterov: false, L2: 0);
        IKernels kernels = Tiers.Kernels(tier);

        kernels.GradientDescent(weights, gradient, velocity, step);
        Assert.All(weights, w => Assert.Equal(0.75f, w));
        kernels.GradientDescent(weights, gradient, velocity, step);
        Assert.All(weights, w => Assert.Equal(0.375f, w));

        // Nesterov from u = -3/8: u = -3/16 - 1/4 = -7/16, w = 3/8 - 7/32 - 1/4 = -3/32.
        kernels.GradientDescent(weights, gradient, velocity, step with { Nesterov = true });
        Assert.All(weights, w => Assert.Equal(-3f / 32, w));
    }

    private static TheoryData<string, float, bool, float> MakeCases()
    {
        var cases = new TheoryData<string, float, bool, float>();
        foreach (string tier in Tiers.All)
        {
            foreach (float l2 in (float[])[0, 0.1f])
            {
                cases.Add(tier, 0, false, l2);
                cases.Add(tier, 0.9f, false, l2);
                cases.Add(tier, 0.9f, true, l2);
            }
        }

        return cases;
    }
}
