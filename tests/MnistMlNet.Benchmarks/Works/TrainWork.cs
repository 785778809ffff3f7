using Microsoft.ML;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Peers;
using MnistMlNet.Benchmarks.Reporting;
using TorchSharp;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>Samples per second of complete epochs, compared with TorchSharp.</summary>
internal sealed class TrainWork : IWork
{
    /// <summary>
    /// The rows on which both sides are compared: enough steps for every wrong formula to show, but too few for rounding to switch units on
    /// and off, after which differences would grow.
    /// </summary>
    private const int CheckedRows = 12_000;

    public string Name => "train";

    public string Description => "training 784-H-10 by Adam, against TorchSharp";

    public void Run(WorkSettings settings)
    {
        if (TorchPeer.WhyNot is not null)
        {
            settings.Note(TorchPeer.Skipped);
        }

        if (settings.Filter.TakesData("mnist"))
        {
            Run(settings, DataSets.Mnist(), isMnist: true);
        }

        if (settings.Filter.TakesData("fashion"))
        {
            if (DataSets.WhyNoFashion is { } reason)
            {
                settings.Note($"Fashion-MNIST is skipped: {reason}.");
            }
            else
            {
                Run(settings, DataSets.Fashion(), isMnist: false);
            }
        }

        if (settings.Filter.TakesData("random"))
        {
            Run(settings, DataSets.Dense(Math.Min(60_000, settings.TrainingRows)), isMnist: false);
        }
    }

    private static void Run(WorkSettings settings, DenseRows all, bool isMnist)
    {
        DenseRows rows = all.Take(settings.TrainingRows);
        using TorchRows? torchRows = TorchPeer.WhyNot is null ? new TorchRows(rows) : null;
        var mlContext = new MLContext(seed: 1);
        IDataView data = rows.ToDataView(mlContext);
        var table = new MarkdownTable(
            settings.Output, $"Training, {rows.Name}: {rows.RowCount} rows, {Number.Percent(rows.Density)} of the values not 0",
            ">H", ">batch", ">threads", ">MnistMlNet samples/s", ">epoch", ">TorchSharp samples/s", ">epoch", ">ratio", ">target",
            ">loss differs by");
        foreach (TrainPoint point in TrainPoint.All)
        {
            if (settings.Filter.TakesHidden(point.Hidden) && settings.Filter.TakesBatch(point.Batch))
            {
                Run(settings, table, rows, torchRows, new OurTraining(mlContext, data, RandomNetwork.Create(rows.InputCount, point.Hidden)),
                    point, isMnist);
            }
        }
    }

    private static void Run(
        WorkSettings settings, MarkdownTable table, DenseRows rows, TorchRows? torchRows, OurTraining ours, TrainPoint point, bool isMnist)
    {
        double? difference = null;
        foreach (int threads in new[] { 1, 2 }.Where(settings.Filter.TakesThreads))
        {
            TwoLayerNetworkModelParameters initial = RandomNetwork.Create(rows.InputCount, point.Hidden);
            if (torchRows is not null)
            {
                torch.set_num_threads(threads);
                difference ??= Check(rows.Take(CheckedRows), initial, point);
            }

            int epochs = Math.Clamp((int)Math.Ceiling(settings.MinSeconds / ours.SecondsPerEpoch(point.Batch, threads, 1)), 1, 20);
            List<Side> sides = [new("MnistMlNet", () => ours.SecondsPerEpoch(point.Batch, threads, epochs))];
            using TorchNetwork? torch1 = torchRows is null ? null : new TorchNetwork(initial, OurTraining.LearningRate);
            if (torch1 is not null)
            {
                torch1.TrainEpoch(torchRows!, point.Batch, withLoss: false);
                sides.Add(Repeat.Once("TorchSharp", () => torch1.TrainEpoch(torchRows!, point.Batch, withLoss: false)));
            }

            Measurement[] results = Alternating.Run(settings.Rounds, sides);
            double target = point.Target(isMnist, threads);
            table.Row(
                $"{point.Hidden}", $"{point.Batch}", $"{threads}",
                Number.Count(rows.RowCount / results[0].Median), Number.Seconds(results[0].Median),
                results.Length > 1 ? Number.Count(rows.RowCount / results[1].Median) : "skipped",
                results.Length > 1 ? Number.Seconds(results[1].Median) : "",
                results.Length > 1 ? Number.Ratio(results[0].TimesAsFastAs(results[1])) : "",
                target == 0 ? "" : Number.Ratio(target),
                difference is { } d ? $"{d:E1}" : "not checked");
        }
    }

    /// <summary>One epoch on both sides from the same parameters in the same order.</summary>
    private static double Check(DenseRows rows, TwoLayerNetworkModelParameters initial, TrainPoint point)
    {
        var mlContext = new MLContext(seed: 1);
        using var torchRows = new TorchRows(rows);
        using var torch1 = new TorchNetwork(initial, OurTraining.LearningRate);
        TwoLayerNetworkTransformer trained = new OurTraining(mlContext, rows.ToDataView(mlContext), initial)
            .Fit(point.Batch, 1, 1, shuffle: false);
        double whileTraining = Math.Abs(trained.History.Epochs[0].TrainLoss - torch1.TrainEpoch(torchRows, point.Batch, withLoss: true));
        double afterwards = Math.Abs(OurTraining.Loss(trained.Model, rows) - torch1.Loss(torchRows));
        double difference = Math.Max(whileTraining, afterwards);
        WorkSettings.Check($"The loss of one epoch of {rows.RowCount} rows, {rows.Name}, H = {point.Hidden}, batch {point.Batch}",
            difference, 1e-4);
        return difference;
    }
}
