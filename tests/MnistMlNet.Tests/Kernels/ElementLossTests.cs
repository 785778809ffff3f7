using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class ElementLossTests
{
    /// <summary>exp and log are accurate to about 2 units in the last place; 1e-6 leaves some margin.</summary>
    private const double Tolerance = 1e-6;

    private static readonly ElementLossKind[] s_kinds = Enum.GetValues<ElementLossKind>();

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Hand_arithmetic(string tier)
    {
        // ln 3 is the logit of 3/4. LogLoss of yes: -ln 3/4; gradient 3/4 - 1. Scale 0.5, weight 2, one output: gradients as they are.
        AssertOne(tier, ElementLossKind.LogLoss, MathF.Log(3), 1, -Math.Log(0.75), -0.25);
        AssertOne(tier, ElementLossKind.LogLoss, MathF.Log(3), 0, -Math.Log(0.25), 0.75);
        AssertOne(tier, ElementLossKind.Squared, 3, 1, 4, 4);
        AssertOne(tier, ElementLossKind.Absolute, 3, 1, 2, 1);
        AssertOne(tier, ElementLossKind.Absolute, 1, 3, 2, -1);
        AssertOne(tier, ElementLossKind.Absolute, 3, 3, 0, 0);
        AssertOne(tier, ElementLossKind.Huber, 1.5f, 1, 0.125, 0.5);
        AssertOne(tier, ElementLossKind.Huber, 1, 11, 1.35 * (10 - 0.675), -1.35);
        AssertOne(tier, ElementLossKind.Poisson, 0, 4, 1, -3);
        AssertOne(tier, ElementLossKind.Poisson, MathF.Log(4), 4, 4 - 4 * Math.Log(4), 0);
        AssertOne(tier, ElementLossKind.Quantile, 1, 3, 1.8, -0.9);            // too low: q times the error
        AssertOne(tier, ElementLossKind.Quantile, 3, 1, 0.2, 0.1);
        AssertOne(tier, ElementLossKind.Quantile, 3, 3, 0, 0);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Losses_are_their_formulas_and_gradients_their_central_differences(string tier)
    {
        const int Rows = 5;
        IKernels kernels = Tiers.Kernels(tier);
        foreach (ElementLossKind kind in s_kinds)
        {
            for (int width = 16; width <= 144; width += 16)
            {
                var random = new Random(width);
                int outputs = width - random.Next(16), stride = width + 16;
                float parameter = ElementLossFormulas.Parameter(kind), scale = 0.25f;
                float[] logits = Array.ConvertAll(SampleNumbers.Floats(random, Rows * stride), x => 4 * x);
                float[] targets = Targets(kind, random, logits, outputs, stride);
                float[] weights = [.. Enumerable.Range(0, Rows).Select(_ => 0.25f + random.NextSingle())];
                var gradient = new GuardedArray(logits);
                var losses = new GuardedArray(new float[Rows]);

                kernels.ElementLoss(
                    new ElementLossStep(kind, parameter, outputs, scale), new MatrixSpan(gradient.Span, Rows, width, stride),
                    new MatrixView(targets, Rows, width, stride), weights, losses.Span);

                string context = $"{tier}, {kind}, {outputs} outputs";
                gradient.AssertGuardsIntact(context);
                losses.AssertGuardsIntact(context);
                for (int r = 0; r < Rows; r++)
                {
                    double sum = 0;
                    for (int c = 0; c < width; c++)
                    {
                        (float z, float y, float actual) = (logits[r * stride + c], targets[r * stride + c], gradient.Span[r * stride + c]);
                        double slope = float.IsNaN(y) ? 0 : ElementLossFormulas.Gradient(kind, parameter, z, y);
                        sum += float.IsNaN(y) ? 0 : ElementLossFormulas.Loss(kind, parameter, z, y);
                        Check.Close(
                            scale * weights[r] / outputs * slope, actual, scale * weights[r] / outputs * (1 + Math.Abs(slope)) * Tolerance,
                            $"{context}: [{r}, {c}]");
                    }

                    Check.Close(sum / outputs, losses.Span[r], (1 + Math.Abs(sum) / outputs) * Tolerance, $"{context}: loss {r}");
                    Check.SameBits(
                        logits.AsSpan(r * stride + width, stride - width), gradient.Span.Slice(r * stride + width, stride - width),
                        context + ", beyond the width");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.Vectors), MemberType = typeof(Tiers))]
    public void Vectors_come_out_as_the_reference_implementation_at_any_magnitude(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        float[] magnitudes = [0, 1e-30f, 1e-6f, 0.5f, 1, 10, 80, 100, 1e4f, 1e18f, 1e30f];
        float[] row = [.. magnitudes, .. magnitudes.Select(x => -x)];
        foreach (ElementLossKind kind in s_kinds)
        {
            foreach (float target in (float[])[0, 1, 3])
            {
                if (kind == ElementLossKind.LogLoss && target > 1)
                {
                    continue;
                }

                foreach (float logit in row)
                {
                    var step = new ElementLossStep(kind, ElementLossFormulas.Parameter(kind), 1, 1);
                    float expected = RowLoss(KernelSelector.Create(SimdTier.Scalar), step, [logit], [target], out float[] slope);
                    float actual = RowLoss(kernels, step, [logit], [target], out float[] gradient);

                    string context = $"{tier}, {kind} of {logit} and {target}";
                    AssertNear(expected, actual, context + ", loss");
                    AssertNear(slope[0], gradient[0], context + ", gradient");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Extreme_logits_have_the_loss_and_the_gradient_of_the_limit(string tier)
    {
        foreach (float z in (float[])[100, 1e30f])
        {
            AssertOne(tier, ElementLossKind.LogLoss, z, 1, 0, 0);
            AssertOne(tier, ElementLossKind.LogLoss, z, 0, z, 1);
            AssertOne(tier, ElementLossKind.LogLoss, -z, 0, 0, 0);
            AssertOne(tier, ElementLossKind.LogLoss, -z, 1, z, -1);
            AssertOne(tier, ElementLossKind.Absolute, z, 0, z, 1);
            AssertOne(tier, ElementLossKind.Absolute, -z, 0, z, -1);
            AssertOne(tier, ElementLossKind.Huber, z, 0, 1.35 * z - 1.35 * 1.35 / 2, 1.35);
            AssertOne(tier, ElementLossKind.Quantile, z, 0, 0.1 * z, 0.1);
            AssertOne(tier, ElementLossKind.Quantile, -z, 0, 0.9 * z, -0.9);
            AssertOne(tier, ElementLossKind.Poisson, -z, 0, 0, 0);
            AssertOne(tier, ElementLossKind.Poisson, -z, 2, 2 * z, -2);
            AssertOne(tier, ElementLossKind.Poisson, z, 1, double.PositiveInfinity, double.PositiveInfinity);
        }

        AssertOne(tier, ElementLossKind.Squared, 100, 0, 10_000, 200);
        AssertOne(tier, ElementLossKind.Squared, 1e30f, 0, double.PositiveInfinity, 2e30);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void A_NaN_in_any_lane_makes_the_loss_of_its_row_NaN(string tier)
    {
        const int Outputs = 20;
        IKernels kernels = Tiers.Kernels(tier);
        foreach (ElementLossKind kind in s_kinds)
        {
            var step = new ElementLossStep(kind, ElementLossFormulas.Parameter(kind), Outputs, 1);
            for (int lane = 0; lane < Outputs; lane++)
            {
                float[] logits = [.. Enumerable.Range(0, Outputs).Select(c => c == lane ? float.NaN : 0.1f * c)];

                float loss = RowLoss(kernels, step, logits, new float[Outputs], out float[] gradient);

                Assert.True(float.IsNaN(loss), $"{tier}, {kind}: the loss is {loss} with NaN in lane {lane}");
                Assert.True(float.IsNaN(gradient[lane]), $"{tier}, {kind}: the gradient is {gradient[lane]} with NaN in lane {lane}");
                Assert.All(gradient.Where((_, c) => c != lane), g => Assert.True(float.IsFinite(g)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void A_missing_target_has_neither_loss_nor_gradient_whatever_the_logit(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        float[] logits = [0, 5, -1e30f, 1e30f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1];
        float[] targets = [.. Enumerable.Repeat(float.NaN, 7), 1];
        foreach (ElementLossKind kind in s_kinds)
        {
            float parameter = ElementLossFormulas.Parameter(kind);

            float loss = RowLoss(kernels, new ElementLossStep(kind, parameter, 8, 1), logits, targets, out float[] gradient);
            float none = RowLoss(kernels, new ElementLossStep(kind, parameter, 7, 1), logits[..7], targets[..7], out _);

            Check.Close(ElementLossFormulas.Loss(kind, parameter, 1, 1) / 8, loss, Tolerance, $"{tier}, {kind}");
            Check.SameBits(new float[7], gradient.AsSpan(0, 7), $"{tier}, {kind}, gradient");
            Assert.Equal(0, none);
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Many_certain_outputs_do_not_overflow_the_product_under_the_logarithm(string tier)
    {
        // Each factor 1 + exp(-|z|) is 2: 1000 of them would be 2¹⁰⁰⁰.
        float loss = RowLoss(
            Tiers.Kernels(tier), new ElementLossStep(ElementLossKind.LogLoss, 0, 1000, 1), new float[1000], new float[1000], out _);

        Check.Close(Math.Log(2), loss, 1e-5, tier);                            // the reference implementation adds the 1000 one by one
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Rows_together_give_the_bits_of_each_row_alone(string tier)
    {
        // The bits must not depend on how rows are divided between threads.
        const int Rows = 37, Width = 80, Outputs = 70;
        IKernels kernels = Tiers.Kernels(tier);
        foreach (ElementLossKind kind in s_kinds)
        {
            var random = new Random(3);
            var step = new ElementLossStep(kind, ElementLossFormulas.Parameter(kind), Outputs, 0.1f);
            float[] logits = SampleNumbers.Floats(random, Rows * Width), weights = SampleNumbers.Floats(random, Rows);
            float[] targets = Targets(kind, random, logits, Outputs, Width), gradient = [.. logits], losses = new float[Rows];

            kernels.ElementLoss(
                step, new MatrixSpan(gradient, Rows, Width, Width), new MatrixView(targets, Rows, Width, Width), weights, losses);

            for (int r = 0; r < Rows; r++)
            {
                float[] alone = logits[(r * Width)..((r + 1) * Width)], loss = [0];
                kernels.ElementLoss(
                    step, new MatrixSpan(alone, 1, Width, Width), new MatrixView(targets.AsSpan(r * Width, Width), 1, Width, Width),
                    weights.AsSpan(r, 1), loss);
                Check.SameBits(loss, losses.AsSpan(r, 1), $"{tier}, {kind}, loss of row {r}");
                Check.SameBits(alone, gradient.AsSpan(r * Width, Width), $"{tier}, {kind}, gradient of row {r}");
            }
        }
    }

    private static void AssertOne(
        string tier, ElementLossKind kind, float logit, float target, double expectedLoss, double expectedGradient)
    {
        float[] logits = Padded([logit], 0), loss = [0];
        Tiers.Kernels(tier).ElementLoss(
            new ElementLossStep(kind, ElementLossFormulas.Parameter(kind), 1, 0.5f),
            new MatrixSpan(logits, 1, logits.Length, logits.Length),
            new MatrixView(Padded([target], float.NaN), 1, logits.Length, logits.Length), [2], loss);
        AssertNear(expectedLoss, loss[0], $"{tier}, {kind}({logit}, {target}), loss");
        AssertNear(expectedGradient, logits[0], $"{tier}, {kind}({logit}, {target}), gradient");
    }

    private static float RowLoss(IKernels kernels, ElementLossStep step, float[] logits, float[] targets, out float[] gradient)
    {
        float[] padded = Padded(logits, 0), loss = [0];
        kernels.ElementLoss(
            step, new MatrixSpan(padded, 1, padded.Length, padded.Length),
            new MatrixView(Padded(targets, float.NaN), 1, padded.Length, padded.Length), [1], loss);
        gradient = padded[..logits.Length];
        Assert.All(padded[logits.Length..], g => Assert.Equal(0, g));
        return loss[0];
    }

    private static void AssertNear(double expected, float actual, string context)
    {
        if (double.IsInfinity((float)expected))
        {
            Assert.True((float)expected == actual, $"{context} is {actual}, not {expected}");
            return;
        }

        Check.Close(expected, actual, Tolerance * Math.Max(1, Math.Abs(expected)), context);
    }

    /// <summary>Targets of which an eighth is missing; those of lanes beyond the outputs are.</summary>
    private static float[] Targets(ElementLossKind kind, Random random, float[] logits, int outputs, int stride) =>
        [.. logits.Select((z, i) =>
            i % stride >= outputs || random.Next(8) == 0 ? float.NaN : ElementLossFormulas.Target(kind, random, z))];

    private static float[] Padded(float[] values, float filling)
    {
        float[] padded = new float[AlignedArray.Pad(values.Length)];
        Array.Fill(padded, filling);
        values.CopyTo(padded, 0);
        return padded;
    }
}
