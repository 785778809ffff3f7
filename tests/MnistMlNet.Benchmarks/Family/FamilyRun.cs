using System.Diagnostics;
using MnistMlNet.Benchmarks.Tables;

namespace MnistMlNet.Benchmarks.Family;

/// <summary>Measures ours on the tables, and the peers whose predictions aren't stored yet.</summary>
/// <param name="dataFolder">The folder of tables, folds and stored predictions.</param>
/// <param name="ours">Ours, always trained again.</param>
/// <param name="peers">The peers.</param>
/// <param name="isOursOnly">Whether peers without stored predictions are left out instead of trained.</param>
internal sealed class FamilyRun(
    string dataFolder, IFamilyLearner ours, IReadOnlyList<IFamilyLearner> peers, bool isOursOnly)
{
    /// <summary>Enough for the readers of one of ML.NET's trainers.</summary>
    private const int PoolThreads = 20;

    private readonly List<string> _skipped = [];

    public void Run(IReadOnlyList<FamilyTable> tables, IReadOnlyList<IFamilyLearner> shown, TextWriter output)
    {
        // SDCA's readers wait for one another on the pool's threads. A pool of one or two adds a thread every half second.
        ThreadPool.SetMinThreads(PoolThreads, PoolThreads);
        IFamilyLearner[] able = [.. peers.Where(peer => peer.Version is not null)];
        _skipped.AddRange(peers.Except(able).Select(peer => $"{peer.Name}: {peer.WhyNot}"));
        var report = new FamilyReport([.. able, .. shown], output);
        foreach (FamilyTable table in tables)
        {
            if (!File.Exists(TableRows.CsvPath(dataFolder, table.Name)))
            {
                _skipped.Add($"{table.Name}: its file isn't in {dataFolder}; it comes with {table.Source}");
                continue;
            }

            FamilyRows rows = FamilyRows.Read(dataFolder, table);
            FamilyMeasures Measure(float[][][] outputs) =>
                FamilyMeasures.Mean([.. outputs.Select(repetition => FamilyMeasures.Of(table, repetition, rows.Targets))]);
            var results = new List<(IFamilyLearner, FamilyMeasures)>();
            foreach (IFamilyLearner peer in able.Where(peer => peer.Fits(table)))
            {
                if (Stored(peer, table, rows) is { } found)
                {
                    results.Add((peer, Measure(found)));
                }
            }

            results.AddRange(shown.Where(learner => learner.Fits(table)).Select(
                learner => (learner, Measure(learner.Predict(table, rows)))));

            // Processor time depends less on what else runs than the clock does.
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            FamilyMeasures measures = Measure(ours.Predict(table, rows));
            TimeSpan spent = Process.GetCurrentProcess().TotalProcessorTime - before;
            report.Add(new FamilyResult(table, measures, results), rows, spent.TotalSeconds);
        }

        report.Summarize();
        output.WriteLine();
        foreach (string line in _skipped)
        {
            output.WriteLine($"- Skipped {line}");
        }
    }

    /// <summary>The stored predictions of a peer, or new ones; they change only with its version and the data.</summary>
    private float[][][]? Stored(IFamilyLearner peer, FamilyTable table, FamilyRows rows)
    {
        string folder = Path.Combine(dataFolder, "family", new string([.. peer.Name.Where(char.IsLetterOrDigit)]));
        string path = Path.Combine(folder, $"{table.Name}.{rows.Hash}.{peer.Version}.csv");
        if (File.Exists(path) || isOursOnly)
        {
            return File.Exists(path) ? rows.ReadPredictions(path) : null;
        }

        float[][][] outputs;
        try
        {
            outputs = peer.Predict(table, rows);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or DllNotFoundException)
        {
            _skipped.Add($"{peer.Name} on {table.Name}: {e.Message}");
            return null;
        }

        Directory.CreateDirectory(folder);
        FamilyRows.Write(path + ".part", outputs);
        File.Move(path + ".part", path, overwrite: true);
        return outputs;
    }
}
