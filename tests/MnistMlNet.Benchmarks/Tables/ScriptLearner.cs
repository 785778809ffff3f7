using System.ComponentModel;
using System.Globalization;

namespace MnistMlNet.Benchmarks.Tables;

/// <summary>A peer outside .NET: a script reads table and folds and writes probabilities.</summary>
/// <param name="name">As the tables call it.</param>
/// <param name="kind">What it counts for.</param>
/// <param name="script">The script.</param>
/// <param name="dataFolder">The folder of the tables.</param>
/// <param name="settings">What the script gets between the folders and the table.</param>
internal sealed class ScriptLearner(string name, LearnerKind kind, Script script, string dataFolder, params string[] settings) : ILearner
{
    private string? _version;

    public string Name => name;

    /// <summary>Gets the versions that the script prints; asked once, since the answer takes a second.</summary>
    public string? Version => (_version ??= Ask()) is { Length: > 0 } version ? version : null;

    public string WhyNot => script.WhyNot;

    public LearnerKind Kind => kind;

    public static IReadOnlyList<ILearner> Peers(string dataFolder, string python)
    {
        var sklearn = new Script(python, "peers.py");
        var nnet = new Script("Rscript", "peers.R");
        return
        [
            new ScriptLearner("MLPClassifier", LearnerKind.LinearOrNeural, sklearn, dataFolder),

            // No number of hidden units is nnet's default. All else is.
            new ScriptLearner("nnet 10", LearnerKind.LinearOrNeural, nnet, dataFolder, "0", "10"),

            // The strongest decay that caret, R's usual way to choose options, tries by itself.
            new ScriptLearner("nnet 5, decay 0.1", LearnerKind.NotDefault, nnet, dataFolder, "0.1", "5"),
        ];
    }

    public float[][][] Predict(BenchmarkTable table, TableRows rows)
    {
        string folder = Path.Combine(dataFolder, "predictions", name.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal));
        Directory.CreateDirectory(folder);
        script.Run([dataFolder, folder, .. settings, table.Name]);
        float[][][] probabilities = [.. rows.Folds.Select(_ => new float[rows.Labels.Length][])];
        foreach (string[] fields in File.ReadLines(TableRows.CsvPath(folder, table.Name)).Select(line => line.Split(',')))
        {
            int repetition = int.Parse(fields[0], CultureInfo.InvariantCulture);
            int row = int.Parse(fields[1], CultureInfo.InvariantCulture);
            probabilities[repetition][row] = [.. fields[2..].Select(field => float.Parse(field, CultureInfo.InvariantCulture))];
        }

        return probabilities;
    }

    private string Ask()
    {
        try
        {
            return $"{script.Run(["--version"]).Trim().Replace(' ', '-')}-{string.Join('-', settings)}".TrimEnd('-');
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return "";
        }
    }
}
