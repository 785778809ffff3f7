using System.Globalization;

namespace MnistMlNet.Benchmarks.Tables;

/// <summary>Deals rows to five folds, class by class, so that each fold has its share of each class.</summary>
internal static class FoldMaker
{
    public const int FoldCount = 5;

    private const int Repetitions = 3;

    /// <summary>Tables of more rows are measured once: their figures hardly depend on the folds.</summary>
    private const int MaxRowsToRepeat = 2000;

    public static int[][] Make(int[] labels) => [.. Enumerable.Range(0, labels.Length > MaxRowsToRepeat ? 1 : Repetitions).Select(
        repetition => Deal(labels, new Random(repetition + 1)))];

    public static string ToCsv(int[][] folds)
    {
        IEnumerable<string> rows = Enumerable.Range(0, folds[0].Length).Select(
            row => string.Join(',', folds.Select(repetition => repetition[row])));
        string header = string.Join(',', folds.Select((_, repetition) => $"repetition{repetition}"));
        return string.Join('\n', [header, .. rows]) + "\n";
    }

    public static int[][] FromCsv(string[] lines)
    {
        int[][] rows = [.. lines.Skip(1).Select(
            line => line.Split(',').Select(field => int.Parse(field, CultureInfo.InvariantCulture)).ToArray())];
        return [.. rows[0].Select((_, repetition) => rows.Select(row => row[repetition]).ToArray())];
    }

    private static int[] Deal(int[] labels, Random random)
    {
        int[] folds = new int[labels.Length];
        int next = 0;
        foreach (IGrouping<int, int> rowsOfClass in Enumerable.Range(0, labels.Length).GroupBy(row => labels[row]).OrderBy(g => g.Key))
        {
            int[] rows = [.. rowsOfClass];
            random.Shuffle(rows);
            foreach (int row in rows)
            {
                // Going on where the last class ended keeps the folds of one size.
                folds[row] = next++ % FoldCount;
            }
        }

        return folds;
    }
}
