using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Tests.Network;
using MnistMlNet.Tests.Optimizers;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

public class TrainingLoopTests
{
    [Theory]
    [InlineData(0f, false, 0f)]
    [InlineData(0.9f, false, 0f)]
    [InlineData(0.9f, true, 0f)]
    [InlineData(0.9f, true, 0.05f)]
    public void Gradient_descent_in_batches_follows_the_formulas(float momentum, bool nesterov, float l2)
    {
        ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with
        {
            Momentum = momentum,
            Nesterov = nesterov,
            L2Regularization = l2
        };

        AssertFollows(plan, (reference, velocity, _, i, gradient, _, learningRate) =>
        {
            double change = -learningRate * (gradient + (reference.IsWeight(i) ? l2 : 0) * reference.Parameters[i]);
            velocity[i] = momentum * velocity[i] + change;
            reference.Parameters[i] += nesterov ? momentum * velocity[i] + change : velocity[i];
        });
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    public void Adam_in_batches_follows_the_formulas(float l2)
    {
        AssertFollows(ResolvedOptionsFactory.Adam with { L2Regularization = l2 }, (reference, m, v, i, gradient, step, learningRate) =>
        {
            // Kingma and Ba 2015, algorithm 1, with decay decoupled from the gradient.
            m[i] = 0.9 * m[i] + 0.1 * gradient;
            v[i] = 0.999 * v[i] + 0.001 * gradient * gradient;
            double mHat = m[i] / (1 - Math.Pow(0.9, step)), vHat = v[i] / (1 - Math.Pow(0.999, step));
            double decay = reference.IsWeight(i) ? 1 - learningRate * l2 : 1;
            reference.Parameters[i] = decay * reference.Parameters[i] - learningRate * mHat / (Math.Sqrt(vHat) + 1e-8);
        });
    }

    [Fact]
    public void Cosine_and_constant_schedules_report_the_rate_of_each_epochs_last_step()
    {
        // 4 epochs of 3 batches: the last steps are t = 2, 5, 8, 11 of 12.
        ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with { NumberOfEpochs = 4, LearningRate = 0.5f };

        IReadOnlyList<TrainingEpoch> constant = Train(plan, out _),
            cosine = Train(plan with { LearningRateSchedule = LearningRateSchedule.Cosine }, out _);

        Assert.All(constant, epoch => Assert.Equal(0.5f, epoch.LearningRate));
        Assert.Equal([1, 2, 3, 4], cosine.Select(epoch => epoch.Epoch));
        double[] expected = [.. new[] { 2, 5, 8, 11 }.Select(t => 0.25 * (1 + Math.Cos(Math.PI * t / 12)))];
        Check.Close(expected, [.. cosine.Select(epoch => epoch.LearningRate)], 1e-7, "rates");    // one rounding of 0.5
    }

    [Fact]
    public void Validation_rows_are_measured_after_the_epoch_and_not_trained_on()
    {
        SampleRows held = SampleRows.Random(seed: 5, rowCount: 700, inputCount: 8, classCount: 3);
        PackedRows packed = held.Pack(sparse: true);
        NetworkParameters alone = Network(), validated = Network();
        var loop = new TrainingLoop(ResolvedOptionsFactory.GradientDescent, KernelSelector.Best, validated, Rows().Pack(sparse: true),
            packed);

        TrainingEpoch epoch = Assert.Single(loop.Run());
        TrainingEpoch without = Assert.Single(
            new TrainingLoop(ResolvedOptionsFactory.GradientDescent, KernelSelector.Best, alone, Rows().Pack(sparse: true), null).Run());

        Assert.Null(without.ValidationLoss);
        Assert.Null(without.ValidationAccuracy);
        Check.SameBits(alone.All, validated.All, "parameters");
        ReferenceNetwork reference = FlatParameters.Reference(validated);
        int[] all = [.. Enumerable.Range(0, held.RowCount)];
        Check.Close(reference.SumOfLosses(held, all) / held.RowCount, epoch.ValidationLoss!.Value, 1e-6, "validation loss");
        int hits = all.Count(r => reference.Probabilities(held.Row(r)).Index().MaxBy(pair => pair.Item).Index == held.Labels[r]);
        Assert.Equal((double)hits / held.RowCount, epoch.ValidationAccuracy);
    }

    [Theory]
    [InlineData(true, Optimizer.GradientDescent)]
    [InlineData(false, Optimizer.GradientDescent)]
    [InlineData(true, Optimizer.Adam)]
    [InlineData(false, Optimizer.Adam)]
    public void Diverging_training_names_epoch_batch_learning_rate_and_what_to_change(bool sparse, Optimizer optimizer)
    {
        // After one step weights are 1e28 and more: the next logits are products of them, beyond the range of float. (A sigmoid would keep
        // them just finite.)
        ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with
        {
            Optimizer = optimizer,
            LearningRate = 1e30f,
            NumberOfEpochs = 5
        };
        NetworkParameters parameters = FlatParameters.Random(seed: 23, 8, 6, 3, Activation.Relu);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(
            () => new TrainingLoop(plan, KernelSelector.Best, parameters, Rows().Pack(sparse), null).Run());

        Assert.Matches(@"^Training diverged: the loss is (NaN|Infinity) in epoch 1, batch [23], at the learning rate 1E\+30\. ", e.Message);
        Assert.Contains("Options.LearningRate", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_last_step_that_ruins_the_parameters_is_noticed_without_a_further_loss()
    {
        // One epoch of one batch: its loss, measured before the update, is fine.
        ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with
        {
            BatchSize = 25,
            LearningRate = float.MaxValue,
            L2Regularization = 1e10f
        };

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Train(plan, out _));

        Assert.Contains("epoch 1, batch 1, at the learning rate 3.4028235E+38", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Callbacks_come_before_each_batch_and_after_each_epoch_and_end_training_by_throwing()
    {
        var calls = new List<string>();
        var loop = new TrainingLoop(ResolvedOptionsFactory.GradientDescent with { NumberOfEpochs = 9 }, KernelSelector.Best, Network(),
            Rows().Pack(sparse: true), null)
        {
            BatchBegins = () => calls.Add("batch"),
            EpochEnded = epoch =>
            {
                calls.Add($"epoch {epoch.Epoch}");
                if (epoch.Epoch == 2)
                {
                    throw new OperationCanceledException();
                }
            },
        };

        Assert.Throws<OperationCanceledException>(loop.Run);

        Assert.Equal(["batch", "batch", "batch", "epoch 1", "batch", "batch", "batch", "epoch 2"], calls);
    }

    /// <summary>Follows a rule that updates each parameter independently.</summary>
    private static void AssertFollows(
        ResolvedOptions plan, Action<ReferenceNetwork, double[], double[], int, double, int, double> update) =>
        UpdateRuleTests.AssertFollows(plan, (reference, gradient, first, second, step) =>
        {
            for (int i = 0; i < gradient.Length; i++)
            {
                update(reference, first, second, i, gradient[i], step, plan.LearningRate);
            }
        },
        tolerance: 2e-6);                                                          // measured: 1.5e-7

    private static IReadOnlyList<TrainingEpoch> Train(ResolvedOptions plan, out NetworkParameters parameters)
    {
        parameters = Network();
        return new TrainingLoop(plan, KernelSelector.Best, parameters, Rows().Pack(sparse: true), null).Run();
    }

    private static SampleRows Rows() => SampleRows.Random(seed: 21, rowCount: 25, inputCount: 8, classCount: 3, weighted: true);

    private static NetworkParameters Network() => FlatParameters.Random(seed: 22, 8, 6, 3, Activation.Sigmoid);
}
