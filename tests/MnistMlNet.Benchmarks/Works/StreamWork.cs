using MnistMlNet.Benchmarks.Commands;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>Data larger than memory: the peak memory of a process that trained on rows that it didn't keep.</summary>
internal sealed class StreamWork : IWork
{
    public string Name => "stream";

    public string Description => "peak memory with CacheRows = false, on 0.5, 2 and 8 GB of generated dense rows, against rows in memory";

    public void Run(WorkSettings settings)
    {
        var table = new MarkdownTable(
            settings.Output, "One epoch of 784 dense features, H = 32, batch 256, including the pass that counts the rows",
            ">rows as floats", "CacheRows", ">wall clock", ">peak memory", ">training accuracy");
        foreach (int megabytes in settings.Quick ? new[] { 500, 2000 } : [500, 2000, 8000])
        {
            Row(table, megabytes, ChildCommand.Stream, "false");
        }

        Row(table, 500, ChildCommand.Cached, "true");
        Row(table, 2000, ChildCommand.Cached, "true");
    }

    private static void Row(MarkdownTable table, int megabytes, string who, string cacheRows)
    {
        ChildResult result = ChildProcess.Train(who, megabytes, 1);
        table.Row(
            Number.Megabytes(megabytes * 1e6), cacheRows, Number.Seconds(result.Seconds), Number.Megabytes(result.PeakBytes),
            Number.Short(100 * result.Accuracy) + "%");
    }
}
