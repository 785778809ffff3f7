using Microsoft.ML;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Peers;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>The speed-up of two threads, with the same bits as one.</summary>
internal sealed class ThreadsWork : IWork
{
    public string Name => "threads";

    public string Description => "training on 2 threads against 1, with the same bits";

    public void Run(WorkSettings settings)
    {
        var table = new MarkdownTable(
            settings.Output, "Two threads against one, batch 256",
            "data", ">H", ">1 thread samples/s", ">2 threads samples/s", ">ratio", ">target", "parameters");
        if (Environment.ProcessorCount < 2)
        {
            settings.Note("Skipped: this machine has one processor.");
            return;
        }

        DenseRows[] sets = [DataSets.Mnist().Take(settings.TrainingRows), DataSets.Dense(Math.Min(settings.TrainingRows, 60_000))];
        string[] names = ["mnist", "random"];
        foreach ((DenseRows rows, string name) in sets.Zip(names).Where(pair => settings.Filter.TakesData(pair.Second)))
        {
            foreach ((int hidden, double target) in new[] { (32, 1.7), (800, 1.85) }.Where(pair => settings.Filter.TakesHidden(pair.Item1)))
            {
                Run(settings, table, rows, hidden, target);
            }
        }
    }

    private static void Run(WorkSettings settings, MarkdownTable table, DenseRows rows, int hidden, double target)
    {
        const int Batch = 256;
        var mlContext = new MLContext(seed: 1);
        var training = new OurTraining(mlContext, rows.ToDataView(mlContext), RandomNetwork.Create(rows.InputCount, hidden));
        TwoLayerNetworkModelParameters on1 = training.Fit(Batch, 1, 2, shuffle: true).Model,
            on2 = training.Fit(Batch, 2, 2, shuffle: true).Model;
        if (!on1.Network.All.SequenceEqual(on2.Network.All))
        {
            throw new CheckFailedException($"Two threads gave other parameters than one: {rows.Name}, H = {hidden}. Nothing was timed.");
        }

        int epochs = Math.Clamp((int)(settings.MinSeconds / training.SecondsPerEpoch(Batch, 1, 1)), 1, 20);
        Measurement[] results = Alternating.Run(
            settings.Rounds,
            new Side("1", () => training.SecondsPerEpoch(Batch, 1, epochs)),
            new Side("2", () => training.SecondsPerEpoch(Batch, 2, epochs)));
        table.Row(
            rows.Name, $"{hidden}", Number.Count(rows.RowCount / results[0].Median), Number.Count(rows.RowCount / results[1].Median),
            Number.Ratio(results[1].TimesAsFastAs(results[0])), Number.Ratio(target), "identical");
    }
}
