using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Optimizers;
using MnistMlNet.Tests.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Optimizers;

/// <summary>
/// Steps of complete networks against the published formulas in double: optimizers, penalties, limits of norms, smoothing.
/// </summary>
public class UpdateRuleTests
{
    /// <summary>One step: parameters, their gradient, two blocks for the rule's state, and the step number from 1.</summary>
    internal delegate void Rule(ReferenceNetwork network, double[] gradient, double[] first, double[] second, int step);

    private const double Rate = 0.05;

    private static readonly ResolvedOptions s_descent = ResolvedOptionsFactory.GradientDescent with { LearningRate = (float)Rate };

    [Theory]
    [InlineData(0.9f, 1e-8f, 0f, 0f)]
    [InlineData(0f, 1e-3f, 0f, 0f)]
    [InlineData(0.5f, 1e-6f, 0.1f, 0.02f)]
    public void RMSProp_divides_by_the_root_of_the_mean_square(float decay, float epsilon, float l2, float l1)
    {
        ResolvedOptions plan = s_descent with
        {
            Optimizer = Optimizer.RmsProp,
            RmsPropDecay = decay,
            Epsilon = epsilon,
            L2Regularization = l2,
            L1Regularization = l1,
            LearningRate = 0.01f,
        };

        AssertFollows(plan, (network, gradient, v, _, _) =>
        {
            for (int i = 0; i < gradient.Length; i++)
            {
                double w = network.Parameters[i], g = gradient[i] + (network.IsWeight(i) ? l2 * w + l1 * Math.Sign(w) : 0);
                v[i] = decay * v[i] + (1 - decay) * g * g;
                network.Parameters[i] = w - 0.01 * g / (Math.Sqrt(v[i]) + epsilon);
            }
        });
    }

    [Theory]
    [InlineData(Optimizer.RmsProp)]
    [InlineData(Optimizer.Adam)]
    public void Without_a_memory_a_small_gradient_after_a_large_one_moves_weights_as_far(Optimizer rule)
    {
        // m = g and v = g², so each step is η · sign g, however small g is compared with other gradients: 1e-9 next to 1.
        ResolvedOptions plan = ResolvedOptionsFactory.Adam with
        {
            Optimizer = rule,
            RmsPropDecay = 0,
            Beta1 = 0,
            Beta2 = 0,
            Epsilon = 1e-30f
        };
        ParameterOptimizer optimizer = ParameterOptimizer.Create(plan, KernelSelector.Best, 16);
        float[] weights = new float[16];
        foreach (float gradient in (float[])[1, 1e-9f, -1e-9f, 1e-9f])
        {
            optimizer.BeginStep(0.25f);
            optimizer.Update(0, weights, [.. Enumerable.Repeat(gradient, 16)], areWeights: false);
        }

        Check.Close([.. Enumerable.Repeat(-0.5, 16)], weights, 1e-6, "weights");       // -¼ -¼ +¼ -¼
    }

    [Fact]
    public void RMSProp_remembers_only_squared_gradients()
    {
        // ρ = ½: v = ½ · 1, then v = ¼ + ½ · 1e-12. A second step of g = 1e-6 moves by η · 1e-6 / ½.
        ResolvedOptions plan = ResolvedOptionsFactory.Adam with { Optimizer = Optimizer.RmsProp, RmsPropDecay = 0.5f, Epsilon = 1e-30f };
        ParameterOptimizer optimizer = ParameterOptimizer.Create(plan, KernelSelector.Best, 16);
        optimizer.BeginStep(1);
        optimizer.Update(0, new float[16], [.. Enumerable.Repeat(1f, 16)], areWeights: false);
        optimizer.BeginStep(1);
        float[] weights = new float[16];
        optimizer.Update(0, weights, [.. Enumerable.Repeat(1e-6f, 16)], areWeights: false);

        // half a unit of 1 in the last place, 6e-8, would be too much
        Check.Close([.. Enumerable.Repeat(-2e-6, 16)], weights, 1e-11, "weights");
    }

    [Theory]
    [InlineData(0.9f, 0.999f, 1e-8f)]
    [InlineData(0.5f, 0.9f, 1e-8f)]
    [InlineData(0f, 0.99f, 1e-4f)]
    [InlineData(0.8f, 0f, 1e-2f)]
    public void Adam_follows_its_betas_and_epsilon(float beta1, float beta2, float epsilon)
    {
        AssertFollows(ResolvedOptionsFactory.Adam with { Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon },
            (network, gradient, m, v, step) =>
        {
            // Kingma and Ba 2015, algorithm 1. The decays are the decimal numbers that were written, not their nearest floats.
            double b1 = Math.Round(beta1, 6), b2 = Math.Round(beta2, 6);
            for (int i = 0; i < gradient.Length; i++)
            {
                m[i] = b1 * m[i] + (1 - b1) * gradient[i];
                v[i] = b2 * v[i] + (1 - b2) * gradient[i] * gradient[i];
                network.Parameters[i] -= 0.01 * (m[i] / (1 - Math.Pow(b1, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(b2, step))) + epsilon);
            }
        });
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.9f)]
    public void Gradient_descent_with_L1_adds_the_sign_of_each_weight_to_its_gradient(float momentum)
    {
        const double L1 = 0.03, L2 = 0.2;
        ResolvedOptions plan = s_descent with { L1Regularization = (float)L1, L2Regularization = (float)L2, Momentum = momentum };

        AssertFollows(plan, (network, gradient, velocity, _, _) =>
        {
            for (int i = 0; i < gradient.Length; i++)
            {
                double w = network.Parameters[i], penalty = network.IsWeight(i) ? L2 * w + L1 * Math.Sign(w) : 0;
                velocity[i] = momentum * velocity[i] - Rate * (gradient[i] + penalty);
                network.Parameters[i] = w + velocity[i];
            }
        });
    }

    [Fact]
    public void Adam_with_L1_moves_weights_towards_zero_after_the_step_and_holds_them_there()
    {
        const double L1 = 8, Shrinkage = 0.01 * L1;
        int zeros = 0;

        float[] trained = AssertFollows(ResolvedOptionsFactory.Adam with { L1Regularization = (float)L1 },
            (network, gradient, m, v, step) =>
        {
            zeros = 0;
            for (int i = 0; i < gradient.Length; i++)
            {
                m[i] = 0.9 * m[i] + 0.1 * gradient[i];
                v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i];
                double w = network.Parameters[i] - 0.01 * (m[i] / (1 - Math.Pow(0.9, step))) / (
                    Math.Sqrt(v[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
                network.Parameters[i] = network.IsWeight(i) ? Math.Sign(w) * Math.Max(0, Math.Abs(w) - Shrinkage) : w;
                zeros += network.Parameters[i] == 0 ? 1 : 0;
            }
        });

        Assert.True(zeros > 20, $"only {zeros} weights reached 0");
        Assert.Equal(zeros, trained.Count(w => w == 0));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(3, 10)]
    [InlineData(2, 300)]
    public void No_hidden_units_incoming_weights_are_longer_than_the_limit_and_their_direction_stays(int threads, int batchSize)
    {
        const float Limit = 0.8f;
        SampleRows rows = SampleRows.Random(seed: 3, rowCount: 320, inputCount: 9, classCount: 3);
        NetworkParameters free = FlatParameters.Random(seed: 4, 9, 70, 3, Activation.Tanh), limited = free.Clone();

        // One step each: the limit is applied to the result of the step.
        ResolvedOptions plan = s_descent with { BatchSize = batchSize, NumberOfThreads = threads };
        int[] batch = [.. Enumerable.Range(0, batchSize)];
        Step(plan, free, rows, batch);
        Step(plan with { MaxNorm = Limit }, limited, rows, batch);

        float[] before = FlatParameters.Of(free), after = FlatParameters.Of(limited);
        int scaled = 0;
        for (int h = 0; h < 70; h++)
        {
            double norm = Math.Sqrt(before.Skip(h * 9).Take(9).Sum(w => (double)w * w)), factor = Math.Min(1, Limit / norm);
            scaled += factor < 1 ? 1 : 0;
            Check.Close([.. before.Skip(h * 9).Take(9).Select(w => w * factor)], after.AsSpan(h * 9, 9), 3e-7, $"unit {h}");
            Assert.True(Math.Sqrt(after.Skip(h * 9).Take(9).Sum(w => (double)w * w)) <= Limit * (1 + 3e-7), $"unit {h}");
            Assert.Equal(factor == 1, before.AsSpan(h * 9, 9).SequenceEqual(after.AsSpan(h * 9, 9)));
        }

        Assert.InRange(scaled, 10, 69);                                                // both kinds are present
        Assert.Equal(before[(70 * 9)..], after[(70 * 9)..]);                           // biases and output weights aren't touched
    }

    [Theory]
    [InlineData(0.02f, true)]
    [InlineData(1e6f, false)]
    public void A_gradient_longer_than_the_limit_is_scaled_to_it_before_penalties(float limit, bool clips)
    {
        const double L2 = 0.1;
        int clipped = 0;

        AssertFollows(s_descent with { GradientClipNorm = limit, L2Regularization = (float)L2 }, (network, gradient, _, _, _) =>
        {
            double norm = Math.Sqrt(gradient.Sum(g => g * g)), factor = Math.Min(1, limit / norm);
            clipped += factor < 1 ? 1 : 0;
            for (int i = 0; i < gradient.Length; i++)
            {
                network.Parameters[i] -= Rate * (factor * gradient[i] + (network.IsWeight(i) ? L2 * network.Parameters[i] : 0));
            }
        });

        Assert.Equal(clips, clipped > 0);
    }

    [Fact]
    public void Clipping_that_never_clips_changes_no_bit_whatever_the_threads()
    {
        SampleRows rows = Rows();
        NetworkParameters expected = Network(), actual = Network();

        new TrainingLoop(s_descent, KernelSelector.Best, expected, rows.Pack(sparse: true), null).Run();
        new TrainingLoop(s_descent with { GradientClipNorm = 1e9f, NumberOfThreads = 3 }, KernelSelector.Best, actual,
            rows.Pack(sparse: true), null).Run();

        Check.SameBits(expected.All, actual.All, "parameters");
    }

    [Fact]
    public void The_reported_loss_is_that_of_the_smoothed_targets_and_the_validation_loss_is_not()
    {
        SampleRows rows = Rows();
        NetworkParameters parameters = Network();
        ReferenceNetwork reference = FlatParameters.Reference(parameters);
        reference.LabelSmoothing = 0.2;
        int[] all = [.. Enumerable.Range(0, rows.RowCount)];
        double weight = rows.Weights!.Sum(w => (double)w), smoothed = reference.SumOfLosses(rows, all) / weight;
        reference.LabelSmoothing = 0;

        TrainingEpoch epoch = new TrainingLoop(
            s_descent with { LabelSmoothing = 0.2f, BatchSize = rows.RowCount, LearningRate = 1e-30f }, KernelSelector.Best, parameters,
            rows.Pack(sparse: true), rows.Pack(sparse: true)).Run()[0];

        Check.Close(smoothed, epoch.TrainLoss, 1e-6, "training loss");
        Check.Close(reference.SumOfLosses(rows, all) / weight, epoch.ValidationLoss!.Value, 1e-6, "validation loss");
    }

    /// <summary>
    /// Trains three epochs of batches of 10, 10 and 5 rows, and computes the same steps with the reference gradients and the given rule.
    /// </summary>
    internal static float[] AssertFollows(ResolvedOptions plan, Rule rule, double tolerance = 4e-6)
    {
        SampleRows rows = Rows();
        NetworkParameters parameters = Network();
        ReferenceNetwork reference = FlatParameters.Reference(parameters);
        double[] first = new double[reference.Parameters.Length], second = new double[reference.Parameters.Length];
        int step = 0;
        for (int epoch = 0; epoch < 3; epoch++)
        {
            foreach (int[] batch in Enumerable.Range(0, rows.RowCount).Chunk(plan.BatchSize))
            {
                rule(reference, reference.Gradient(rows, batch), first, second, ++step);
            }
        }

        new TrainingLoop(plan with { NumberOfEpochs = 3 }, KernelSelector.Best, parameters, rows.Pack(sparse: true), null).Run();

        // Nine steps of parameters up to 2; rules that divide a small gradient by its own size have its full rounding error; measured:
        // 3e-7.
        float[] trained = FlatParameters.Of(parameters);
        Check.Close(reference.Parameters, trained, tolerance, plan.Optimizer.ToString());
        return trained;
    }

    private static void Step(ResolvedOptions plan, NetworkParameters parameters, SampleRows rows, int[] batch)
    {
        using var team = new WorkerTeam(plan.NumberOfThreads, plan.WorkerCounts);
        new BatchTrainer(
            plan, KernelSelector.Best, parameters, rows.Pack(sparse: true),
            ParameterOptimizer.Create(plan, KernelSelector.Best, parameters.Length), team)
            .Step(batch, plan.LearningRate);
    }

    private static SampleRows Rows() => SampleRows.Random(seed: 21, rowCount: 25, inputCount: 8, classCount: 3, weighted: true);

    private static NetworkParameters Network() => FlatParameters.Random(seed: 22, 8, 6, 3, Activation.Sigmoid);
}
