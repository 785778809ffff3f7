using System.Globalization;
using System.Text;

namespace MnistMlNet.Benchmarks.Tables;

/// <summary>Results of the peers, in one CSV file: theirs change only with their versions and the data.</summary>
internal sealed class ResultCache
{
    private readonly string _path;
    private readonly Dictionary<(string Learner, string Version, string Table, string Hash), SortedDictionary<int, Measures>> _results = [];

    public ResultCache(string folder)
    {
        _path = Path.Combine(folder, "results.csv");
        if (!File.Exists(_path))
        {
            File.WriteAllText(_path, "learner;version;table;hash of the data;repetition;accuracy;log-loss;expected calibration error\n");
        }

        foreach (string[] f in File.ReadLines(_path).Skip(1).Select(line => line.Split(';')))
        {
            double Number(int field) => double.Parse(f[field], CultureInfo.InvariantCulture);
            Add((f[0], f[1], f[2], f[3]), int.Parse(f[4], CultureInfo.InvariantCulture), new Measures(Number(5), Number(6), Number(7)));
        }
    }

    /// <summary>Gives the results by repetition; null where there are none.</summary>
    public IReadOnlyList<Measures>? Find(ILearner learner, BenchmarkTable table, TableRows rows) =>
        learner.Version is { } version && _results.TryGetValue((learner.Name, version, table.Name, rows.Hash), out var found)
            && found.Count == rows.Folds.Length ? [.. found.Values] : null;

    public void Store(ILearner learner, BenchmarkTable table, TableRows rows, IReadOnlyList<Measures> results)
    {
        string version = learner.Version ?? throw new InvalidOperationException($"{learner.Name} has no version.");
        var lines = new StringBuilder();
        for (int repetition = 0; repetition < results.Count; repetition++)
        {
            Measures m = results[repetition];
            Add((learner.Name, version, table.Name, rows.Hash), repetition, m);
            lines.Append(CultureInfo.InvariantCulture, $"{learner.Name};{version};{table.Name};{rows.Hash};{repetition};")
                .Append(CultureInfo.InvariantCulture, $"{m.Accuracy:F6};{m.LogLoss:F6};{m.CalibrationError:F6}\n");
        }

        // All repetitions at once: a run that is stopped leaves whole results.
        File.AppendAllText(_path, lines.ToString());
    }

    /// <summary>Keeps the last result of each repetition: two runs at once may both have measured it.</summary>
    private void Add((string Learner, string Version, string Table, string Hash) key, int repetition, Measures measures)
    {
        if (!_results.TryGetValue(key, out SortedDictionary<int, Measures>? byRepetition))
        {
            _results[key] = byRepetition = [];
        }

        byRepetition[repetition] = measures;
    }
}
