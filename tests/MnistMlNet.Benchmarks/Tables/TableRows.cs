using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MnistMlNet.Benchmarks.Tables;

/// <summary>The rows of a table, and the fold of each row in each repetition.</summary>
/// <param name="Features">By row; NaN where the value is missing.</param>
/// <param name="Labels">By row, from 0.</param>
/// <param name="Folds">By repetition and row; 0 … 4.</param>
/// <param name="Hash">Of both files: cached results of other data don't count.</param>
internal sealed record TableRows(float[][] Features, int[] Labels, int[][] Folds, string Hash)
{
    public int FeatureCount => Features[0].Length;

    public int ClassCount { get; } = Labels.Max() + 1;

    public static string CsvPath(string folder, string name) => Path.Combine(folder, name + ".csv");

    /// <summary>Reads a table, and gives it folds if it has none yet.</summary>
    public static TableRows Read(string folder, string name)
    {
        string path = CsvPath(folder, name);
        string[] lines = File.ReadAllLines(path);
        string[][] fields = [.. lines.Skip(1).Select(line => line.Split(','))];
        float[][] features = [.. fields.Select(row => row[..^1].Select(Value).ToArray())];
        int[] labels = [.. fields.Select(row => int.Parse(row[^1], CultureInfo.InvariantCulture))];
        string foldsPath = Path.Combine(folder, name + ".folds.csv");
        if (!File.Exists(foldsPath))
        {
            File.WriteAllText(foldsPath, FoldMaker.ToCsv(FoldMaker.Make(labels)));
        }

        byte[] both = Encoding.UTF8.GetBytes(string.Join('\n', lines) + File.ReadAllText(foldsPath));
        return new TableRows(features, labels, FoldMaker.FromCsv(File.ReadAllLines(foldsPath)),
            Convert.ToHexStringLower(SHA256.HashData(both))[..12]);
    }

    public static float Value(string field) => field.Length == 0 ? float.NaN : float.Parse(field, CultureInfo.InvariantCulture);
}
