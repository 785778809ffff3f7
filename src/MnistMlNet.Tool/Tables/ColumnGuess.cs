using MnistMlNet.Primitives;

namespace MnistMlNet.Tool.Tables;

/// <summary>What a column of a CSV file is, and why.</summary>
/// <param name="Index">The column's index.</param>
/// <param name="Name">The column's name.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Description">What was found, for the user.</param>
/// <param name="MissingCount">The number of missing values.</param>
internal sealed record ColumnGuess(int Index, string Name, ColumnKind Kind, string Description, int MissingCount)
{
    /// <summary>From this fraction of numbers on, other values are taken for mistakes.</summary>
    private const double NumberFraction = 0.9;

    /// <summary>The least mean number of words of a text.</summary>
    private const double TextWords = 3;
    private const int MaxCategories = 1000;

    /// <param name="table">The file.</param>
    /// <param name="index">The column.</param>
    /// <param name="given">The kind that the user gave; null to find it.</param>
    public static ColumnGuess Of(CsvTable table, int index, ColumnKind? given)
    {
        string name = table.Columns[index];
        string[] values = [.. table.Rows.Select(row => row[index]).Where(field => !CsvTable.IsMissing(field))];
        int missing = table.Rows.Count - values.Length;
        if (given == ColumnKind.Ignored)
        {
            return new(index, name, ColumnKind.Ignored, "left out: --ignore", missing);
        }

        string[] distinct = [.. values.Distinct()];
        if (distinct.Length < 2)
        {
            return new(index, name, ColumnKind.Ignored, distinct.Length == 0 ? "left out: no value" : "left out: one value only", missing);
        }

        ColumnKind kind = given ?? Find(table, index, values, distinct);
        string description = kind switch
        {
            ColumnKind.Number => Range(table, index),
            ColumnKind.Category => $"{distinct.Length} values: {Shown.List(distinct.Order(StringComparer.Ordinal).Take(4))}"
                + (distinct.Length > 4 ? ", …" : ""),
            ColumnKind.Text => $"{values.Average(Words):0.#} words on average",
            _ => IsRowNumber(table, index) ? "left out: it numbers the rows" : "left out: nearly every value differs, as in a name",
        };
        return new(index, name, kind, description, missing);
    }

    /// <summary>Reads a number; NaN for a missing value.</summary>
    /// <exception cref="InvalidDataException">It is no number.</exception>
    public static float Number(CsvTable table, int row, int column) => table.Rows[row][column] is var field && CsvTable.IsMissing(field)
        ? float.NaN
        : Numbers.TryParse(field, table.Separator != ',', out float value) ? value : throw new InvalidDataException(
            $"{table.Place(row, column)}: '{Shown.Text(field)}' is no number, but the column has numbers. Correct it, leave it empty for a "
                + $"missing value, or train with --category \"{Shown.Text(table.Columns[column])}\" if the column isn't a number.");

    private static ColumnKind Find(CsvTable table, int index, string[] values, string[] distinct)
    {
        int numbers = values.Count(field => Numbers.TryParse(field, table.Separator != ',', out _));
        if (numbers >= NumberFraction * values.Length)
        {
            return IsRowNumber(table, index) ? ColumnKind.Ignored : ColumnKind.Number;
        }

        if (values.Average(Words) >= TextWords && distinct.Length > values.Length / 5)
        {
            return ColumnKind.Text;
        }

        return distinct.Length > MaxCategories || (distinct.Length > 0.9 * values.Length && values.Length >= 20)
            ? ColumnKind.Ignored : ColumnKind.Category;
    }

    // Whole numbers that rise by one from row to row say nothing about a new row.
    private static bool IsRowNumber(CsvTable table, int index)
    {
        float previous = float.NaN;
        foreach (string[] row in table.Rows)
        {
            if (!Numbers.TryParse(row[index], isComma: false, out float value) || (!float.IsNaN(previous) && value != previous + 1))
            {
                return false;
            }

            previous = value;
        }

        return table.Rows.Count >= 20;
    }

    private static string Range(CsvTable table, int index)
    {
        float[] values = [
            .. Enumerable.Range(0, table.Rows.Count).Select(row => Number(table, row, index)).Where(value => !float.IsNaN(value))];
        return $"{values.Min():G5} to {values.Max():G5}";
    }

    private static double Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}
