using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML;
using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Tests.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>When training stops, and which epoch's parameters are returned.</summary>
public class EarlyStoppingTests
{
    /// <summary>A learning rate that grows from epoch to epoch until the loss rises: the best epoch is in the middle.</summary>
    private static readonly ResolvedOptions s_restless = ResolvedOptionsFactory.GradientDescent with
    {
        LearningRate = 3,
        WarmUpEpochs = 12,
        NumberOfEpochs = 12,
        RestoreBestEpoch = true,
        Shuffle = true,
    };

    // Tolerance 0.1, patience 2. Gains of 0.05 don't count, but two of them together do: gains are measured from the last one that counted.
    [Theory]
    [InlineData(new[] { 1.0, 0.8, 0.6, 0.4, 0.2 }, 0, 5)]
    [InlineData(new[] { 1.0, 1.0, 1.0, 0.1 }, 3, 1)]
    [InlineData(new[] { 1.0, 0.95, 0.91, 0.1 }, 3, 3)]
    [InlineData(new[] { 1.0, 0.95, 0.85, 0.80, 0.74, 0.74, 0.8 }, 7, 5)]
    [InlineData(new[] { 0.5, 0.6, 0.3, 0.4, 0.35, 0.1 }, 5, 3)]
    public void Training_stops_after_the_second_epoch_without_a_gain_above_the_tolerance(double[] losses, int stopped, int best)
    {
        ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with { EarlyStoppingPatience = 2, EarlyStoppingTolerance = 0.1f };

        Assert.Equal((stopped, best), Stop(plan, losses, loss => (loss, 0.5), out string? reason));
        Assert.Equal(stopped == 0 ? null : "The training loss did not improve by more than 0.1 for 2 epochs.", reason);
        Assert.Equal((0, losses.ToList().IndexOf(losses.Min()) + 1),
            Stop(plan with { EarlyStoppingPatience = 0 }, losses, loss => (loss, 0.5), out _));
    }

    [Fact]
    public void The_metric_may_be_accuracy_of_which_more_is_better_and_validation_goes_first()
    {
        ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with
        {
            EarlyStoppingPatience = 2,
            EarlyStoppingTolerance = 0,
            EarlyStoppingMetric = EarlyStoppingMetric.Accuracy
        };
        double[] accuracies = [0.5, 0.7, 0.6, 0.7, 0.9];

        Assert.Equal((4, 2), Stop(plan, accuracies, accuracy => (1 - accuracy, accuracy), out string? training));
        Assert.Equal((4, 2), Stop(plan, accuracies, accuracy => (1, 0.5), out string? validation, accuracy => (1, accuracy)));
        Assert.Equal("The training accuracy did not improve by more than 0 for 2 epochs.", training);
        Assert.Equal("The validation accuracy did not improve by more than 0 for 2 epochs.", validation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_best_epochs_parameters_are_those_of_a_training_of_so_many_epochs(bool validated)
    {
        // labels are random, so the loss of other rows would rise from the first epoch on
        SampleRows held = Rows();
        (float[] restored, TrainingLoop loop) = Train(s_restless, validated ? held : null);
        (float[] expected, _) = Train(s_restless with { NumberOfEpochs = loop.BestEpoch, RestoreBestEpoch = false });
        (float[] last, _) = Train(s_restless with { RestoreBestEpoch = false });

        Assert.Equal(12, loop.Epochs.Count);
        Assert.InRange(loop.BestEpoch, 2, 11);
        Assert.Equal(loop.Epochs.MinBy(epoch => epoch.ValidationLoss ?? epoch.TrainLoss)!.Epoch, loop.BestEpoch);
        Check.SameBits(expected, restored, "best epoch");
        Assert.NotEqual(last, restored);
        Assert.Equal("The epoch limit was reached.", loop.Stop.Description);
    }

    [Fact]
    public void A_training_that_stops_early_says_so_and_has_no_further_epoch()
    {
        (_, TrainingLoop loop) = Train(s_restless with { EarlyStoppingPatience = 2, NumberOfEpochs = 100 });

        Assert.Equal("The training loss did not improve by more than 0.0001 for 2 epochs.", loop.Stop.Description);
        Assert.InRange(loop.Epochs.Count, 3, 99);
        double best = loop.Epochs.SkipLast(2).Min(epoch => epoch.TrainLoss);
        Assert.All(loop.Epochs.TakeLast(2), epoch => Assert.True(epoch.TrainLoss > best - 1e-4));
    }

    [Fact]
    public void A_training_that_diverges_later_returns_the_best_epoch_with_a_warning_if_set_so()
    {
        // The warm-up raises η by 1/24,000 a step. Weights are multiplied by 1 - ηλ, which is below -1 from the tenth step on: in epoch 2
        // of 8 batches each.
        var mlContext = new MLContext(seed: 1);
        IDataView data = Examples.Keyed(mlContext, Examples.Rows(60));
        TwoLayerNetworkTransformer Fit(bool restore) => Examples.Trainer(mlContext, options =>
        {
            options.Optimizer = Optimizer.GradientDescent;
            options.LearningRate = 1;
            options.NumberOfEpochs = 9;
            options.RestoreBestEpoch = restore;
            options.L2Regularization = 5000;
            options.WarmUpEpochs = 3000;
        }).Fit(data);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Fit(restore: false));
        int diverged = int.Parse(Regex.Match(e.Message, @"in epoch (\d+), batch \d+, at the learning rate ").Groups[1].Value,
            CultureInfo.InvariantCulture);
        var messages = new LogMessages(mlContext);

        TwoLayerNetworkTransformer model = Fit(restore: true);

        Assert.InRange(diverged, 2, 9);
        Assert.Equal(diverged - 1, model.History.Epochs.Count);
        Assert.Equal($"Training diverged in epoch {diverged}.", model.History.StopDescription);
        Assert.Equal($"{e.Message} The parameters are those of epoch {model.History.BestEpoch}, the best until then.",
            Assert.Single(messages.Warnings));
        Assert.All(Examples.Parameters(model.Model), parameter => Assert.True(float.IsFinite(parameter)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_canceled_training_returns_its_best_epoch_if_asked_to_and_begins_no_further_batch(bool keep)
    {
        // Epochs of 3 batches; canceled in the second batch of the fourth epoch, after 10 completed batches.
        int begun = 0, ended = 0;
        bool canceled = false;
        SampleRows rows = Rows();
        NetworkParameters parameters = Network();
        ResolvedOptions plan = s_restless with { RestoreBestEpoch = false, KeepBestOnCancel = keep };
        var loop = new TrainingLoop(plan, KernelSelector.Best, parameters, rows.Pack(sparse: true), null)
        {
            BatchBegins = () =>
            {
                if (canceled)
                {
                    throw new OperationCanceledException();
                }

                begun++;
            },
            BatchEnded = _ => canceled = ++ended == 10,
        };

        if (!keep)
        {
            Assert.Throws<OperationCanceledException>(loop.Run);
            Assert.Equal((10, 10), (begun, ended));
            return;
        }

        loop.Run();

        (float[] expected, _) = Train(plan with { NumberOfEpochs = loop.BestEpoch, KeepBestOnCancel = false });
        Assert.Equal((10, 10, 3), (begun, ended, loop.Epochs.Count));
        Check.SameBits(expected, parameters.All, "parameters");
        Assert.Equal("Training was canceled in epoch 4.", loop.Stop.Description);
        Assert.Equal($"Training was canceled in epoch 4. The parameters are those of epoch {loop.BestEpoch}, the best until then.",
            loop.Warning);
    }

    [Fact]
    public void Before_the_first_epoch_has_ended_there_is_nothing_to_keep()
    {
        var loop = new TrainingLoop(s_restless with { KeepBestOnCancel = true }, KernelSelector.Best, Network(), Rows().Pack(sparse: true),
            null)
        {
            BatchBegins = () => throw new OperationCanceledException(),
        };

        Assert.Throws<OperationCanceledException>(loop.Run);
    }

    [Fact]
    public void A_token_that_is_canceled_after_an_epoch_keeps_the_best_with_a_warning()
    {
        var mlContext = new MLContext(seed: 1);
        using var source = new CancellationTokenSource();
        var messages = new LogMessages(mlContext);

        TwoLayerNetworkTransformer model = Examples.Trainer(mlContext, options =>
        {
            options.KeepBestOnCancel = true;
            options.EpochCallback = epoch => Cancel(source, epoch.Epoch == 2);
        }).Fit(Examples.Keyed(mlContext, Examples.Rows(60)), cancellationToken: source.Token);

        Assert.Equal("Training was canceled in epoch 3.", model.History.StopDescription);
        Assert.Equal(2, model.History.Epochs.Count);
        Assert.StartsWith("Training was canceled in epoch 3. The parameters are those of epoch 2", Assert.Single(messages.Warnings),
            StringComparison.Ordinal);
    }

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now)
        {
            source.Cancel();
        }
    }

    internal static (int Stopped, int Best) Stop(
        ResolvedOptions plan, double[] values, Func<double, (double Loss, double Accuracy)> training, out string? reason,
        Func<double, (double Loss, double Accuracy)>? validation = null)
    {
        var stopping = new EarlyStopping(plan);
        reason = null;
        for (int e = 0; e < values.Length; e++)
        {
            (double loss, double accuracy) = training(values[e]);
            (double Loss, double Accuracy)? held = validation?.Invoke(values[e]);
            var epoch = new TrainingEpoch(e + 1, loss, accuracy, held?.Loss, held?.Accuracy, 1, TimeSpan.Zero);
            stopping.Update(epoch);
            if ((reason = stopping.GetStopReason(epoch)?.Description) is not null)
            {
                return (e + 1, stopping.BestEpoch);
            }
        }

        return (0, stopping.BestEpoch);
    }

    private static (float[] Parameters, TrainingLoop Loop) Train(ResolvedOptions plan, SampleRows? held = null)
    {
        NetworkParameters parameters = Network();
        var loop = new TrainingLoop(plan, KernelSelector.Best, parameters, Rows().Pack(sparse: true), held?.Pack(sparse: true));
        loop.Run();
        return (parameters.All.ToArray(), loop);
    }

    private static SampleRows Rows() => SampleRows.Random(seed: 61, rowCount: 25, inputCount: 8, classCount: 3);

    private static NetworkParameters Network() => FlatParameters.Random(seed: 62, 8, 6, 3, Activation.Tanh);
}
