using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.ML;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>
/// The events that listeners receive. Meters and sources belong to the whole process, so no other test may train at the same time.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class TelemetryTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public TelemetryTests()
    {
        _data = Examples.Keyed(_mlContext, Examples.Rows(60));
    }

    [Fact]
    public void A_meter_counts_rows_batch_by_batch_and_has_each_epochs_loss_and_accuracy()
    {
        var measured = new Dictionary<string, List<double>>();
        using MeterListener listener = Listen((name, value) =>
        {
            measured.TryAdd(name, []);
            measured[name].Add(value);
        });

        TrainingHistory history = Examples.Trainer(_mlContext, options => options.BatchSize = 25).Fit(_data, _data).History;

        Assert.Equal(Enumerable.Repeat<double[]>([25, 25, 10], 5).SelectMany(batches => batches), measured["mnistmlnet.training.rows"]);
        Assert.Equal(history.Epochs.Select(epoch => epoch.TrainLoss), measured["mnistmlnet.training.loss"]);
        Assert.Equal(history.Epochs.Select(epoch => epoch.TrainAccuracy), measured["mnistmlnet.training.accuracy"]);
        Assert.Equal(history.Epochs.Select(epoch => epoch.ValidationLoss!.Value), measured["mnistmlnet.validation.loss"]);
        Assert.Equal(history.Epochs.Select(epoch => epoch.ValidationAccuracy!.Value), measured["mnistmlnet.validation.accuracy"]);
        Assert.Equal(history.Epochs[^1].Elapsed.TotalSeconds, measured["mnistmlnet.training.epoch.duration"].Sum(), 1e-9);
    }

    [Fact]
    public void The_time_of_a_resumed_epoch_is_its_own()
    {
        using var folder = new TemporaryFolder();
        void Change(TwoLayerNetworkTrainer.Options options) =>
            (options.CheckpointPath, options.ResumeFromCheckpoint, options.LearningRateSchedule) = (folder.File("a"), true,
                LearningRateSchedule.Constant);
        TimeSpan before = Examples.Trainer(_mlContext, Change).Fit(_data).History.Epochs[^1].Elapsed;
        var seconds = new List<double>();
        using MeterListener listener = Listen((name, value) =>
        {
            if (name == "mnistmlnet.training.epoch.duration")
            {
                seconds.Add(value);
            }
        });

        TrainingHistory history = Examples.Trainer(_mlContext, options =>
        {
            Change(options);
            options.NumberOfEpochs = 7;
        }).Fit(_data).History;

        Assert.Equal(2, seconds.Count);
        Assert.Equal((history.Epochs[^1].Elapsed - before).TotalSeconds, seconds.Sum(), 1e-9);
    }

    [Fact]
    public void An_activity_describes_the_training_and_has_an_event_for_each_epoch()
    {
        var activities = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MnistMlNet",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Add,
        };
        ActivitySource.AddActivityListener(listener);

        TrainingHistory history = Examples.Trainer(_mlContext, options => options.BatchSize = 25).Fit(_data).History;

        Activity fit = Assert.Single(activities);
        Assert.Equal("TwoLayerNetwork.Fit", fit.OperationName);
        Dictionary<string, object?> tags = fit.TagObjects.ToDictionary();
        Assert.Equal(
            (60L, 4, 6, 3), (tags["mnistmlnet.rows"], tags["mnistmlnet.inputs"], tags["mnistmlnet.hidden_units"],
            tags["mnistmlnet.classes"]));
        Assert.Equal(("Adam", 25, 1), (tags["mnistmlnet.optimizer"], tags["mnistmlnet.batch_size"], tags["mnistmlnet.seed"]));
        Assert.Equal(history.StopReason.ToString(), tags["mnistmlnet.stop_reason"]);
        Assert.Equal(
            history.Epochs.Select(epoch => ("epoch", (object?)epoch.Epoch, (object?)epoch.TrainLoss, (object?)epoch.LearningRate)),
            fit.Events.Select(e =>
                (e.Name, Tag(e, "mnistmlnet.epoch"), Tag(e, "mnistmlnet.training.loss"), Tag(e, "mnistmlnet.learning_rate"))));

        static object? Tag(ActivityEvent e, string name) => e.Tags.Single(tag => tag.Key == name).Value;
    }

    [Fact]
    public void Nothing_is_allocated_for_a_batch_without_listeners()
    {
        Allocation.AssertNone(() =>
        {
            for (int batch = 0; batch < 1000; batch++)
            {
                Telemetry.BatchEnded(64);
            }
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_further_batch_is_trained_on_after_the_token_is_canceled_in_the_middle_of_an_epoch(bool cached)
    {
        // Epochs of 3 batches of 20 rows; canceled when the second batch of the third epoch has ended.
        using var source = new CancellationTokenSource();
        int batches = 0, epochs = 0;
        using MeterListener listener = Listen((name, _) =>
        {
            if (name == "mnistmlnet.training.rows" && ++batches == 8)
            {
                source.Cancel();
            }
        });
        TwoLayerNetworkTrainer trainer = Examples.Trainer(_mlContext, options =>
        {
            (options.BatchSize, options.CacheRows, options.NumberOfThreads) = (20, cached, 2);
            options.EpochCallback = _ => epochs++;
        });

        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Fit(_data, cancellationToken: source.Token));

        Assert.Equal((8, 2), (batches, epochs));
    }

    private static MeterListener Listen(Action<string, double> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "MnistMlNet")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured(instrument.Name, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured(instrument.Name, value));
        listener.Start();
        return listener;
    }
}
