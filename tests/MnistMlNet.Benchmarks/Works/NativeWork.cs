using Microsoft.ML;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Peers;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>The least processor time of an epoch on one thread, compared with dense products of a native library.</summary>
internal sealed class NativeWork(ProductLibrary library) : IWork
{
    /// <summary>As in <see cref="TrainWork"/>: enough steps for every wrong formula to show, too few for rounding to matter.</summary>
    private const int CheckedRows = 12_000;

    /// <summary>The sides take turns: our training waits after every <see cref="EpochsAtOnce"/> epochs for as many of the peer.</summary>
    private const int Rounds = 4;

    private const int EpochsAtOnce = 5;

    /// <summary>About how long our side trains before the first round: until its methods are compiled for good.</summary>
    private const double WarmUpSeconds = 4;

    private static readonly (int Hidden, int Batch, double MnistTarget, double Target)[] s_points =
        [(32, 64, 2.5, 1.15), (32, 1024, 2.5, 1.15), (128, 128, 2.5, 1.15), (800, 128, 2.2, 1.1)];

    public string Name => library.Name.ToLowerInvariant();

    public string Description => $"training 784-H-10 by Adam on one thread, processor time, against {library.Name}";

    public void Run(WorkSettings settings)
    {
        if (!settings.Filter.TakesThreads(1))
        {
            return;
        }

        string folder = Directory.CreateTempSubdirectory("MnistMlNet-native-").FullName;
        try
        {
            string program = NativePeer.Compile(library, folder, out string? whyNot);
            if (whyNot is not null)
            {
                settings.Note($"{library.Name} is skipped: {whyNot}. See README.md.");
                return;
            }

            if (settings.Filter.TakesData("mnist"))
            {
                Run(settings, program, DataSets.Mnist().Take(settings.TrainingRows), isMnist: true);
            }

            if (settings.Filter.TakesData("random"))
            {
                Run(settings, program, DataSets.Dense(Math.Min(60_000, settings.TrainingRows)), isMnist: false);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Run(WorkSettings settings, string program, DenseRows rows, bool isMnist)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = rows.ToDataView(mlContext), checkedData = rows.Take(CheckedRows).ToDataView(mlContext);
        var table = new MarkdownTable(settings.Output,
            $"Training on one thread, {rows.Name}: {rows.RowCount} rows, {Number.Percent(rows.Density)} of the values not 0; "
                + "least processor time of an epoch",
            ">H", ">batch", ">epochs of each side", ">MnistMlNet", $">{library.Name}", ">ratio", ">target", ">loss differs by");
        foreach ((int hidden, int batch, double mnistTarget, double target) in s_points)
        {
            if (!settings.Filter.TakesHidden(hidden) || !settings.Filter.TakesBatch(batch))
            {
                continue;
            }

            TwoLayerNetworkModelParameters initial = RandomNetwork.Create(rows.InputCount, hidden);
            using NativePeer peer = NativePeer.Start(program, rows, initial, batch);
            double difference = Check(peer, new OurTraining(mlContext, checkedData, initial), rows.Take(CheckedRows), batch);
            (double ours, double theirs, int epochs) = Measure(peer, new OurTraining(mlContext, data, initial), batch);
            table.Row($"{hidden}", $"{batch}", $"{epochs}", Number.Seconds(ours), Number.Seconds(theirs), Number.Ratio(theirs / ours),
                Number.Ratio(isMnist ? mnistTarget : target), $"{difference:E1}");
        }
    }

    private static (double Ours, double Theirs, int Epochs) Measure(NativePeer peer, OurTraining ours, int batch)
    {
        double estimate = ours.SecondsPerEpoch(batch, threads: 1, epochs: 2);
        int warmUp = Math.Max(EpochsAtOnce, (int)(WarmUpSeconds / estimate)), epochs = Rounds * EpochsAtOnce, count = 0;
        double least = double.PositiveInfinity, peerLeast = double.PositiveInfinity, last = 0;
        ours.Fit(batch, threads: 1, epochs: warmUp + epochs, shuffle: true, callback: _ =>
        {
            if (++count > warmUp)
            {
                least = Math.Min(least, ThreadClock.Seconds - last);
                for (int epoch = 0; epoch < EpochsAtOnce && (count - warmUp) % EpochsAtOnce == 0; epoch++)
                {
                    peerLeast = Math.Min(peerLeast, peer.TrainEpoch());
                }
            }

            last = ThreadClock.Seconds;
        });
        return (least, peerLeast, epochs);
    }

    private double Check(NativePeer peer, OurTraining ours, DenseRows rows, int batch)
    {
        TwoLayerNetworkTransformer trained = ours.Fit(batch, threads: 1, epochs: 1, shuffle: false);
        (double during, double after) = peer.Check(rows.RowCount);
        double difference = Math.Max(Math.Abs(trained.History.Epochs[0].TrainLoss - during),
            Math.Abs(OurTraining.Loss(trained.Model, rows) - after));
        WorkSettings.Check($"The loss of one epoch of {rows.RowCount} rows, {rows.Name}, H = {trained.Model.HiddenUnits}, batch {batch}, "
            + $"beside {library.Name}", difference, 1e-4);
        return difference;
    }
}
