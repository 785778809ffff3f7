using System.ComponentModel;
using System.Globalization;
using MnistMlNet.Benchmarks.Tables;

namespace MnistMlNet.Benchmarks.Family;

/// <summary>scikit-learn's networks: a script reads table and folds and writes outputs.</summary>
/// <param name="python">The Python that has scikit-learn.</param>
/// <param name="dataFolder">The folder of the tables.</param>
internal sealed class FamilyScriptLearner(string python, string dataFolder) : IFamilyLearner
{
    private readonly Script _script = new(python, "family.py");
    private string? _version;

    public string Name => "MLP (sklearn)";

    public string? Version => (_version ??= Ask()) is { Length: > 0 } version ? version : null;

    public string WhyNot => _script.WhyNot;

    public FamilyKind Kind => FamilyKind.Network;

    public bool Fits(FamilyTable table) => true;

    public float[][][] Predict(FamilyTable table, FamilyRows rows)
    {
        string path = Path.GetTempFileName();
        try
        {
            _script.Run([dataFolder, path, table.Name, table.Task.ToString(),
                table.TargetCount.ToString(CultureInfo.InvariantCulture)]);
            return rows.ReadPredictions(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private string Ask()
    {
        try
        {
            return _script.Run(["--version"]).Trim().Replace(' ', '-');
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return "";
        }
    }
}
