using System.ComponentModel;
using System.Diagnostics;

namespace MnistMlNet.Benchmarks.Tables;

/// <summary>Measures ours on the tables, and the peers where the cache has no results of theirs.</summary>
/// <param name="dataFolder">The folder of tables, folds and cached results.</param>
/// <param name="ours">Ours, always measured anew.</param>
/// <param name="peers">The peers.</param>
/// <param name="isOursOnly">Whether peers without cached results are left out instead of measured.</param>
internal sealed class TablesRun(string dataFolder, ILearner ours, IReadOnlyList<ILearner> peers, bool isOursOnly)
{
    /// <summary>Enough for the readers of one of ML.NET's trainers.</summary>
    private const int PoolThreads = 20;

    private readonly List<string> _skipped = [];

    /// <summary>Exports the tables whose files aren't there, and says what is missing.</summary>
    public static void Export(IEnumerable<string> names, string dataFolder, string python, bool isAnew, TextWriter output)
    {
        Directory.CreateDirectory(dataFolder);
        if (!isAnew && names.All(name => File.Exists(TableRows.CsvPath(dataFolder, name))))
        {
            return;
        }

        foreach (var script in (Script[])[new("Rscript", "export.R"), new(python, "export.py")])
        {
            try
            {
                string[] lines = script.Run([dataFolder]).Split('\n');
                foreach (string line in lines.Where(line => line.StartsWith("skipped", StringComparison.Ordinal)))
                {
                    output.WriteLine($"- {line}");
                }
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException)
            {
                output.WriteLine($"- {script.WhyNot} ({e.Message})");
            }
        }
    }

    public void Run(IReadOnlyList<BenchmarkTable> tables, TextWriter output)
    {
        // SDCA's readers wait for one another on the pool's threads. A pool of one or two adds a thread every half second.
        ThreadPool.SetMinThreads(PoolThreads, PoolThreads);
        var cache = new ResultCache(dataFolder);
        ILearner[] able = [.. peers.Where(peer => peer.Version is not null)];
        _skipped.AddRange(peers.Except(able).Select(peer => $"{peer.Name}: {peer.WhyNot}"));
        var report = new TablesReport(able, output);
        TimeSpan total = TimeSpan.Zero;
        foreach (BenchmarkTable table in tables)
        {
            if (!File.Exists(TableRows.CsvPath(dataFolder, table.Name)))
            {
                _skipped.Add($"{table.Name}: its file isn't in {dataFolder}; it comes with {table.Source}");
                continue;
            }

            TableRows rows = TableRows.Read(dataFolder, table.Name);
            var results = new List<(ILearner, Measures)>();
            foreach (ILearner peer in able)
            {
                if ((cache.Find(peer, table, rows) ?? (isOursOnly ? null : TryMeasure(peer, table, rows, cache))) is { } found)
                {
                    results.Add((peer, Measures.Mean(found)));
                }
            }

            // Processor time: what a user waits for on one core, and steadier than the clock beside other work.
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            Measures measures = Measures.Mean(Measure(ours, table, rows));
            TimeSpan spent = Process.GetCurrentProcess().TotalProcessorTime - before;
            total += spent;
            report.Add(new TableResult(table, measures, results), rows, spent.TotalSeconds);
        }

        report.Summarize();
        output.WriteLine();
        output.WriteLine($"Ours took {total.TotalSeconds:F0} s of processor time.");
        foreach (string line in _skipped)
        {
            output.WriteLine($"- Skipped {line}");
        }
    }

    private static Measures[] Measure(ILearner learner, BenchmarkTable table, TableRows rows) =>
        [.. learner.Predict(table, rows).Select(probabilities => Measures.Of(probabilities, rows.Labels))];

    private Measures[]? TryMeasure(ILearner peer, BenchmarkTable table, TableRows rows, ResultCache cache)
    {
        Measures[] results;
        try
        {
            results = Measure(peer, table, rows);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or DllNotFoundException)
        {
            _skipped.Add($"{peer.Name} on {table.Name}: {e.Message}");
            return null;
        }

        cache.Store(peer, table, rows, results);
        return results;
    }
}
