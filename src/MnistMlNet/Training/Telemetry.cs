using System.Diagnostics;
using System.Diagnostics.Metrics;
using MnistMlNet.Configuration;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>
/// The metrics and activities of a training for dotnet-counters, dotnet-trace and OpenTelemetry. Both source and meter are named
/// <c>MnistMlNet</c>.
/// </summary>
/// <remarks>Without a listener, an instrument costs the check of a field once per batch.</remarks>
internal static class Telemetry
{
    public const string Name = "MnistMlNet";

    private static readonly ActivitySource s_source = new(Name);
    private static readonly Meter s_meter = new(Name);
    private static readonly Counter<long> s_rows = s_meter.CreateCounter<long>(
        "mnistmlnet.training.rows", "{row}", "Rows trained on, counted batch by batch; its rate is the samples per second.");

    private static readonly Gauge<double> s_loss = s_meter.CreateGauge<double>("mnistmlnet.training.loss", "nat",
        "Training loss of the last epoch.");
    private static readonly Gauge<double> s_accuracy = s_meter.CreateGauge<double>("mnistmlnet.training.accuracy", "1",
        "Training accuracy of the last epoch.");
    private static readonly Gauge<double> s_validationLoss = s_meter.CreateGauge<double>(
        "mnistmlnet.validation.loss", "nat", "Validation loss of the last epoch.");

    private static readonly Gauge<double> s_validationAccuracy = s_meter.CreateGauge<double>(
        "mnistmlnet.validation.accuracy", "1", "Validation accuracy of the last epoch.");

    private static readonly Histogram<double> s_epoch = s_meter.CreateHistogram<double>("mnistmlnet.training.epoch.duration", "s",
        "Time of an epoch.");

    /// <summary>Starts the activity of one <c>Fit</c>; returns null if there is no listener.</summary>
    public static Activity? StartFit(NetworkShape shape, ResolvedOptions plan, long rowCount)
    {
        Activity? activity = s_source.StartActivity("TwoLayerNetwork.Fit");
        activity?.SetTag("mnistmlnet.rows", rowCount);
        activity?.SetTag("mnistmlnet.inputs", shape.InputCount);
        activity?.SetTag("mnistmlnet.hidden_units", shape.HiddenUnits);
        activity?.SetTag("mnistmlnet.classes", shape.OutputCount);
        activity?.SetTag("mnistmlnet.optimizer", plan.Optimizer.ToString());
        activity?.SetTag("mnistmlnet.batch_size", plan.BatchSize);
        activity?.SetTag("mnistmlnet.seed", plan.Seed);
        return activity;
    }

    public static void BatchEnded(int rows)
    {
        if (s_rows.Enabled)
        {
            s_rows.Add(rows);
        }
    }

    public static void EpochEnded(Activity? activity, TrainingEpoch epoch, TimeSpan duration)
    {
        s_loss.Record(epoch.TrainLoss);
        s_epoch.Record(duration.TotalSeconds);
        if (!double.IsNaN(epoch.TrainAccuracy))                                    // a regression has none
        {
            s_accuracy.Record(epoch.TrainAccuracy);
        }

        if (epoch.ValidationLoss is { } loss)
        {
            s_validationLoss.Record(loss);
        }

        if (epoch.ValidationAccuracy is { } accuracy)
        {
            s_validationAccuracy.Record(accuracy);
        }

        activity?.AddEvent(new ActivityEvent("epoch", tags: new ActivityTagsCollection
        {
            ["mnistmlnet.epoch"] = epoch.Epoch,
            ["mnistmlnet.training.loss"] = epoch.TrainLoss,
            ["mnistmlnet.validation.loss"] = epoch.ValidationLoss,
            ["mnistmlnet.learning_rate"] = epoch.LearningRate,
        }));
    }
}
