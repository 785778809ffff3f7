using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MnistMlNet.Benchmarks.Tables;

namespace MnistMlNet.Benchmarks.Family;

/// <summary>The rows of a table, and the fold of each row in each repetition.</summary>
/// <param name="Features">By row; NaN where the value is missing.</param>
/// <param name="Targets">By row and target.</param>
/// <param name="Folds">By repetition and row; 0 … 4.</param>
/// <param name="Hash">Of both files: stored predictions for other data don't count.</param>
internal sealed record FamilyRows(float[][] Features, float[][] Targets, int[][] Folds, string Hash)
{
    /// <summary>Reads a table, and gives it folds if it has none yet: with equal proportions of each class for a binary label.</summary>
    public static FamilyRows Read(string folder, FamilyTable table)
    {
        string[] lines = File.ReadAllLines(TableRows.CsvPath(folder, table.Name));
        float[][] values = [.. lines.Skip(1).Select(line => line.Split(',').Select(TableRows.Value).ToArray())];
        float[][] targets = [.. values.Select(row => row[^table.TargetCount..])];
        string foldsPath = Path.Combine(folder, table.Name + ".folds.csv");
        if (!File.Exists(foldsPath))
        {
            int[] strata = [.. targets.Select(row => table.Task == FamilyTask.Binary ? (int)row[0] : 0)];
            File.WriteAllText(foldsPath, FoldMaker.ToCsv(FoldMaker.Make(strata)));
        }

        byte[] both = Encoding.UTF8.GetBytes(string.Join('\n', lines) + File.ReadAllText(foldsPath));
        return new FamilyRows([.. values.Select(row => row[..^table.TargetCount])], targets,
            FoldMaker.FromCsv(File.ReadAllLines(foldsPath)), Convert.ToHexStringLower(SHA256.HashData(both))[..12]);
    }

    /// <summary>Reads predictions that <see cref="Write"/> or a script wrote: by repetition, row and target.</summary>
    public float[][][] ReadPredictions(string path)
    {
        float[][][] outputs = [.. Folds.Select(_ => new float[Targets.Length][])];
        foreach (string[] fields in File.ReadLines(path).Select(line => line.Split(',')))
        {
            outputs[int.Parse(fields[0], CultureInfo.InvariantCulture)][int.Parse(fields[1], CultureInfo.InvariantCulture)] =
                [.. fields[2..].Select(TableRows.Value)];
        }

        return outputs;
    }

    /// <summary>Writes predictions as lines of repetition, row and the output of each target.</summary>
    public static void Write(string path, float[][][] outputs) => File.WriteAllLines(path, outputs.SelectMany((rows, repetition) =>
        rows.Select((row, place) => string.Create(CultureInfo.InvariantCulture,
            $"{repetition},{place},{string.Join(',', row.Select(value => value.ToString(CultureInfo.InvariantCulture)))}"))));
}
