using MnistMlNet.Benchmarks.Commands;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Peers;
using MnistMlNet.Benchmarks.Reporting;
using MnistMlNet.Configuration;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>Complete processes: from start to a trained and evaluated model, their wall-clock time and their peak memory.</summary>
internal sealed class MemoryWork : IWork
{
    private static readonly int s_defaultEpochs = DefaultRules.NumberOfEpochs(Optimizer.Adam, rowCount: 60_000);

    public string Name => "memory";

    public string Description => "peak memory and wall-clock time of a complete training process, against TorchSharp's";

    public void Run(WorkSettings settings)
    {
        if (TorchPeer.WhyNot is not null)
        {
            settings.Note(TorchPeer.Skipped);
        }

        int rounds = settings.Quick ? 1 : 3;
        var table = new MarkdownTable(
            settings.Output, "A whole process: IDX files → trained → evaluated on 10,000 digits, Adam, batch 64",
            ">H", ">epochs", "process", ">wall clock", ">peak memory", ">fraction of TorchSharp's", ">target", ">accuracy");
        foreach ((int hidden, int epochs) in new[] { (32, s_defaultEpochs), (32, 1), (800, 1) }.Where(point =>
            settings.Filter.TakesHidden(point.Item1)))
        {
            Run(table, hidden, epochs, rounds);
        }
    }

    private static void Run(MarkdownTable table, int hidden, int epochs, int rounds)
    {
        // With as many epochs as our default, TorchSharp would only take longer, with the same memory.
        bool withTorch = TorchPeer.WhyNot is null && epochs == 1;
        List<ChildResult> ours = [], theirs = [];
        for (int round = 0; round < rounds; round++)
        {
            ours.Add(ChildProcess.Train(ChildCommand.Ours, hidden, epochs));
            if (withTorch)
            {
                theirs.Add(ChildProcess.Train(ChildCommand.Torch, hidden, epochs));
            }
        }

        double peak = Measurement.Of("", ours.Select(result => (double)result.PeakBytes)).Median;
        double torchPeak = withTorch ? Measurement.Of("", theirs.Select(result => (double)result.PeakBytes)).Median : 0;
        Row(table, hidden, epochs, "MnistMlNet, LoadFromIdx", ours, withTorch ? Number.Percent(peak / torchPeak) : "",
            withTorch ? "25%" : epochs == s_defaultEpochs ? "under 3 s" : "");
        if (withTorch)
        {
            Row(table, hidden, epochs, "TorchSharp", theirs, "100%", "");
        }
    }

    private static void Row(MarkdownTable table, int hidden, int epochs, string name, IReadOnlyList<ChildResult> results, string share,
        string target) => table.Row(
        $"{hidden}", $"{epochs}", name,
        Number.Seconds(Measurement.Of("", results.Select(result => result.Seconds)).Median),
        Number.Megabytes(Measurement.Of("", results.Select(result => (double)result.PeakBytes)).Median),
        share, target, Number.Short(100 * results[^1].Accuracy) + "%");
}
