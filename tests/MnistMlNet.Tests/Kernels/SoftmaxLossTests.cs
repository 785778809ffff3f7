using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class SoftmaxLossTests
{
    /// <summary>
    /// exp is accurate to about 2 units in the last place, the sum and the quotient to one each: 1e-6 of values up to 1 leaves some margin.
    /// </summary>
    private const double Tolerance = 1e-6;

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Two_classes_match_hand_arithmetic(string tier)
    {
        // e^0 : e^(ln 3) = 1 : 3, so p = (1/4, 3/4) and the loss of class 0 is ln 4 = 1.386294;
        // gradient with scale 1/2: ((1/4 - 1) / 2, 3/4 / 2) = (-0.375, 0.375).
        float[] logits = Padded(0, MathF.Log(3));

        float loss = Tiers.Kernels(tier).RowLoss(logits, 0, 0.5f, out int predicted);

        Check.Close(1.386294, loss, Tolerance, "loss");
        Assert.Equal(1, predicted);
        Check.Close([-0.375, 0.375], logits.AsSpan(0, 2), Tolerance, tier);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Logits_of_a_thousand_do_not_overflow(string tier)
    {
        // p = (1/2, 1/2, 0): e^-2000 is 0. The loss of class 2 is 2000 + ln 2 = 2000.693.
        IKernels kernels = Tiers.Kernels(tier);
        float[] logits = Padded(1000, 1000, -1000);
        kernels.RowSoftmax(logits);
        Check.Close([0.5, 0.5, 0], logits.AsSpan(0, 3), tolerance: 0, tier);

        logits = Padded(1000, 1000, -1000);
        float loss = kernels.RowLoss(logits, 2, 1, out _);
        Check.Close(2000.693, loss, 1e-3, "loss");                             // half a unit in the last place of 2000 is 6e-5
        Check.Close([0.5, 0.5, -1], logits.AsSpan(0, 3), tolerance: 0, tier);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Padded_lanes_become_exactly_zero(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        foreach (float logit in (float[])[0, 1000, -1000, 1e38f, -1e38f])
        {
            float[] probabilities = Padded(logit, logit - 1), gradient = Padded(logit, logit - 1);

            kernels.RowSoftmax(probabilities);
            kernels.RowLoss(gradient, 1, 1, out _);

            Assert.All(probabilities[2..], p => Assert.Equal(0, p));
            Assert.All(gradient[2..], g => Assert.Equal(0, g));
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void The_first_of_equal_logits_is_the_prediction(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        for (int first = 0; first < 20; first++)
        {
            float[] logits = Padded([.. Enumerable.Range(0, 21).Select(c => c < first ? 1f : 2f)]);

            kernels.RowLoss(logits, 20, 1, out int predicted);

            Assert.Equal(first, predicted);
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void A_NaN_in_any_lane_makes_loss_and_probabilities_NaN(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        for (int lane = 0; lane < 10; lane++)
        {
            float[] logits = Padded([.. Enumerable.Range(0, 10).Select(c => c == lane ? float.NaN : c)]);
            float[] again = [.. logits];

            kernels.RowSoftmax(logits);
            float loss = kernels.RowLoss(again, 3, 1, out int predicted);

            Assert.All(logits[..10], p => Assert.True(float.IsNaN(p)));
            Assert.True(float.IsNaN(loss), $"loss is {loss} with NaN in lane {lane}");
            Assert.InRange(predicted, 0, 9);
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Any_number_of_classes_comes_out_as_in_double_and_within_the_span(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        for (int classes = 2; classes <= 70; classes++)
        {
            var random = new Random(classes);
            float[] logits = Padded(Array.ConvertAll(SampleNumbers.Floats(random, classes), x => 8 * x));
            int label = random.Next(classes);
            double sum = logits[..classes].Sum(z => Math.Exp(z));
            double[] p = [.. logits[..classes].Select(z => Math.Exp(z) / sum)];
            var probabilities = new GuardedArray(logits);
            var gradient = new GuardedArray(logits);

            kernels.RowSoftmax(probabilities.Span);
            float loss = kernels.RowLoss(gradient.Span, label, 0.25f, out int predicted);

            string context = $"{tier}, {classes} classes";
            Check.Close(p, probabilities.Span[..classes], Tolerance, context);
            Check.Close([.. p.Select((x, c) => 0.25 * (c == label ? x - 1 : x))], gradient.Span[..classes], Tolerance, context);
            Check.Close(-Math.Log(p[label]), loss, 1e-5, context);             // losses up to 16 + ln 70: one rounding of 20 is 1e-6
            Assert.Equal(p.Index().MaxBy(pair => pair.Item).Index, predicted);
            probabilities.AssertGuardsIntact(context);
            gradient.AssertGuardsIntact(context);
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Rows_together_give_the_bits_of_each_row_alone(string tier)
    {
        // 37 rows: two groups of 16 and a remainder. The bits must not depend on how rows are divided between threads.
        const int Rows = 37, Width = 16, Stride = 32;
        IKernels kernels = Tiers.Kernels(tier);
        var random = new Random(3);
        float[] logits = SampleNumbers.Floats(random, Rows * Stride), weights = SampleNumbers.Floats(random, Rows);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(Width))];
        float[] gradient = [.. logits], probabilities = [.. logits], losses = new float[Rows];
        int[] predicted = new int[Rows];

        kernels.SoftmaxCrossEntropy(new MatrixSpan(gradient, Rows, Width, Stride), labels, weights, 0.1f, losses, predicted);
        kernels.Softmax(new MatrixSpan(probabilities, Rows, Width, Stride));

        for (int r = 0; r < Rows; r++)
        {
            float[] alone = logits[(r * Stride)..(r * Stride + Width)], softmax = [.. alone];
            Assert.Equal(kernels.RowLoss(alone, labels[r], 0.1f * weights[r], out int best), losses[r]);
            Assert.Equal(best, predicted[r]);
            Assert.Equal(alone, gradient[(r * Stride)..(r * Stride + Width)]);
            kernels.RowSoftmax(softmax);
            Assert.Equal(softmax, probabilities[(r * Stride)..(r * Stride + Width)]);
            Assert.Equal(logits[(r * Stride + Width)..((r + 1) * Stride)], gradient[(r * Stride + Width)..((r + 1) * Stride)]);
        }
    }

    private static float[] Padded(params float[] logits)
    {
        float[] padded = new float[AlignedArray.Pad(logits.Length)];
        Array.Fill(padded, NetworkParameters.PaddedLogit);
        logits.CopyTo(padded, 0);
        return padded;
    }
}
