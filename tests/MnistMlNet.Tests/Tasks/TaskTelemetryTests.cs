using System.Diagnostics.Metrics;
using Microsoft.ML;

namespace MnistMlNet.Tests.Tasks;

/// <summary>The meters of a regression, which has no accuracy. They belong to the process: no other test may train meanwhile.</summary>
[Collection(nameof(RunsAlone))]
public sealed class TaskTelemetryTests
{
    [Fact]
    public void A_regression_has_the_losses_of_each_epoch_and_no_accuracy()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = TaskRows.View(mlContext, TaskRows.Make(60));
        var measured = new Dictionary<string, List<double>>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == "MnistMlNet")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            measured.TryAdd(instrument.Name, []);
            measured[instrument.Name].Add(value);
        });
        listener.Start();

        TrainingHistory history = TaskTraining.Fit(mlContext, TaskTraining.Options(TaskTraining.Number), data, data).History;

        Assert.Equal(history.Epochs.Select(epoch => epoch.TrainLoss), measured["mnistmlnet.training.loss"]);
        Assert.Equal(history.Epochs.Select(epoch => epoch.ValidationLoss!.Value), measured["mnistmlnet.validation.loss"]);
        Assert.DoesNotContain("mnistmlnet.training.accuracy", measured.Keys);
        Assert.DoesNotContain("mnistmlnet.validation.accuracy", measured.Keys);
    }
}
