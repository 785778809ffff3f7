using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Tests.Training;

namespace MnistMlNet.Tests;

public sealed class TwoLayerNetworkTrainerTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public TwoLayerNetworkTrainerTests()
    {
        _data = Examples.Keyed(_mlContext, Examples.Rows(60));
    }

    [Fact]
    public void Each_epoch_sends_one_message_and_calls_back_once_in_order_with_what_the_history_has()
    {
        var messages = new LogMessages(_mlContext);
        List<TrainingEpoch> epochs = [];

        TwoLayerNetworkTransformer transformer = Examples.Trainer(_mlContext, options => options.EpochCallback = epochs.Add).Fit(_data);

        Assert.Equal([1, 2, 3, 4, 5], epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(epochs, transformer.History.Epochs);
        Assert.Equal(
            ["Epoch 1/5", "Epoch 2/5", "Epoch 3/5", "Epoch 4/5", "Epoch 5/5"],
            messages.Infos.Where(message => message.StartsWith("Epoch", StringComparison.Ordinal)).Select(message =>
                message.Split(':')[0]));
        Assert.Empty(messages.Warnings);
    }

    [Fact]
    public void The_history_says_what_was_trained()
    {
        TrainingHistory history = Examples.Trainer(_mlContext, options => (options.NumberOfEpochs, options.BatchSize) = (60, 7)).Fit(_data)
            .History;

        Assert.Equal(60, history.RowsTrained);
        Assert.Equal(0, history.RowsSkipped);
        Assert.Equal(7, history.BatchSize);
        Assert.Equal(history.Epochs.MinBy(epoch => epoch.TrainLoss)!.Epoch, history.BestEpoch);
        Assert.Equal(StopReason.EpochLimit, history.StopReason);
        Assert.All(history.Epochs, epoch => Assert.Null(epoch.ValidationLoss));
        Assert.All(history.Epochs, epoch => Assert.InRange(epoch.TrainAccuracy, 0, 1));
        Assert.All(history.Epochs.Zip(history.Epochs.Skip(1)), pair => Assert.True(pair.First.Elapsed <= pair.Second.Elapsed));

        // Uniform guessing costs ln 3 = 1.0986.
        Assert.True(history.Epochs[^1].TrainLoss < 0.7 * history.Epochs[0].TrainLoss);
        Assert.True(history.Epochs[^1].TrainLoss < 0.7);
    }

    [Fact]
    public void An_exception_of_the_epoch_callback_ends_training_and_is_thrown_by_Fit()
    {
        int calls = 0;
        TwoLayerNetworkTrainer trainer = Examples.Trainer(_mlContext, options => options.EpochCallback = _ =>
            throw new TimeZoneNotFoundException($"{++calls}"));

        Assert.Throws<TimeZoneNotFoundException>(() => trainer.Fit(_data));

        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData("the option's token")]
    [InlineData("Fit's token")]
    [InlineData("the context")]
    public void Canceling_stops_before_the_next_epoch(string how)
    {
        using var source = new CancellationTokenSource();
        int epochs = 0;
        TwoLayerNetworkTrainer trainer = Examples.Trainer(_mlContext, options =>
        {
            options.CancellationToken = how == "the option's token" ? source.Token : default;
            options.EpochCallback = epoch =>
            {
                epochs++;
                if (epoch.Epoch == 2 && how == "the context")
                {
                    CancelExecution(_mlContext);
                }
                else if (epoch.Epoch == 2)
                {
                    source.Cancel();
                }
            };
        });

        Assert.ThrowsAny<OperationCanceledException>(() =>
            trainer.Fit(_data, cancellationToken: how == "Fit's token" ? source.Token : default));

        Assert.Equal(2, epochs);
    }

    [Fact]
    public void A_canceled_token_stops_before_the_rows_are_read()
    {
        var counting = new CountingDataView(_data);

        Assert.ThrowsAny<OperationCanceledException>(() =>
            Examples.Trainer(_mlContext).Fit(counting, cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal(0, counting.Fetches("Features"));
    }

    [Fact]
    public void The_same_seed_of_the_context_gives_the_same_parameters_and_another_seed_others()
    {
        int[] Train(int seed)
        {
            var mlContext = new MLContext(seed);
            return Examples.Bits(
                Examples.Trainer(mlContext, options => options.Seed = null).Fit(Examples.Keyed(mlContext, Examples.Rows(60))).Model);
        }

        Assert.Equal(Train(1), Train(1));
        Assert.NotEqual(Train(1), Train(2));
    }

    [Fact]
    public void The_option_s_seed_wins_over_the_context_s()
    {
        int[] Train(int seed, int contextSeed) =>
            Examples.Bits(Examples.Trainer(new MLContext(contextSeed), options => options.Seed = seed).Fit(_data).Model);

        Assert.Equal(Train(5, contextSeed: 1), Train(5, contextSeed: 2));
        Assert.NotEqual(Train(5, contextSeed: 1), Train(6, contextSeed: 1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(null)]
    public void Any_number_of_threads_gives_the_same_parameters(int? threads)
    {
        int[] expected = Examples.Bits(Examples.Trainer(_mlContext).Fit(_data).Model);

        Assert.Equal(
            expected, Examples.Bits(Examples.Trainer(_mlContext, options =>
            (options.NumberOfThreads, options.WorkerCounts) = (threads, AllWorkers.Of)).Fit(_data).Model));
    }

    [Fact]
    public void A_trainer_can_fit_more_than_once_and_gives_the_same()
    {
        TwoLayerNetworkTrainer trainer = Examples.Trainer(_mlContext);

        Assert.Equal(Examples.Bits(trainer.Fit(_data).Model), Examples.Bits(trainer.Fit(_data).Model));
    }

    [Fact]
    public void Without_shuffling_the_order_of_the_rows_counts_and_with_it_the_seed_decides()
    {
        int[] Train(bool shuffle, int seed, WeightInitialization initialization = WeightInitialization.HeUniform) =>
            Examples.Bits(Examples.Trainer(_mlContext, options =>
                (options.Shuffle, options.Seed, options.WeightInitialization) = (shuffle, seed, initialization)).Fit(_data).Model);

        Assert.Equal(Train(shuffle: false, seed: 1), Train(shuffle: false, seed: 1));
        Assert.NotEqual(Train(shuffle: false, seed: 1), Train(shuffle: true, seed: 1));
    }

    [Fact]
    public void Validation_data_is_measured_after_each_epoch_as_Evaluate_measures_it()
    {
        IDataView validation = Examples.Keyed(_mlContext, Examples.Rows(45, seed: 2));

        TwoLayerNetworkTransformer transformer = Examples.Trainer(_mlContext).Fit(_data, validation);

        MulticlassClassificationMetrics metrics = _mlContext.MulticlassClassification.Evaluate(transformer.Transform(validation));
        TrainingEpoch last = transformer.History.Epochs[^1];
        Assert.All(transformer.History.Epochs, epoch => Assert.NotNull(epoch.ValidationLoss));
        Assert.Equal(metrics.MicroAccuracy, last.ValidationAccuracy!.Value, 1e-12);

        // The evaluator takes the logarithm of a probability rounded to a float: 2⁻²⁴ of it at most.
        Assert.Equal(metrics.LogLoss, last.ValidationLoss!.Value, 1e-6);
        Assert.Equal(transformer.History.Epochs.MinBy(epoch => epoch.ValidationLoss)!.Epoch, transformer.History.BestEpoch);
    }

    [Fact]
    public void Validation_data_changes_nothing_of_what_is_learned()
    {
        IDataView validation = Examples.Keyed(_mlContext, Examples.Rows(45, seed: 2));

        Assert.Equal(Examples.Bits(Examples.Trainer(_mlContext).Fit(_data).Model),
            Examples.Bits(Examples.Trainer(_mlContext).Fit(_data, validation).Model));
    }

    [Fact]
    public void Validation_data_that_does_not_fit_is_refused_with_both_sizes()
    {
        IDataView validation = LabelKinds.View(_mlContext, LabelKinds.Text);

        ArgumentException e = Assert.Throws<ArgumentException>(() => Examples.Trainer(_mlContext).Fit(_data, validation));

        Assert.Contains("validationData has 2 features and 3 classes; the training data has 4 and 3", e.Message, StringComparison.Ordinal);
    }

    // Internal in Microsoft.ML; the package Microsoft.ML.Experimental makes it public as an extension.
    private static void CancelExecution(MLContext mlContext)
        => typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(mlContext, null);
}
