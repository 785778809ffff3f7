using MnistMlNet.Primitives;

namespace MnistMlNet.Tool.Tables;

/// <summary>A CSV file as text.</summary>
/// <param name="Name">The file's name, for messages.</param>
/// <param name="Separator">The character between fields.</param>
/// <param name="HasHeader">Whether the first record has the names of the columns.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">The fields of each row.</param>
/// <param name="Lines">The number of the line in which each row begins, from 1.</param>
internal sealed record CsvTable(
    string Name, char Separator, bool HasHeader, IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows, IReadOnlyList<int> Lines)
{
    /// <summary>Whether a field stands for a missing value.</summary>
    public static bool IsMissing(string field) => field.Trim() is "" or "?" or "NA" or "N/A" or "n/a" or "na" or "NaN" or "nan" or "null"
        or "NULL" or "None";

    /// <summary>Gets the index of a column, or -1.</summary>
    public int Find(string column)
    {
        int index = Columns.Count - 1;
        while (index >= 0 && Columns[index] != column)
        {
            index--;
        }

        return index;
    }

    /// <summary>Gets the index of a column.</summary>
    /// <exception cref="UsageException">There is none of that name; the message has the nearest one, or all.</exception>
    public int IndexOf(string column, string option)
    {
        int index = Find(column);
        return index >= 0 ? index : throw new UsageException($"{option} '{Shown.Text(column)}': {Name} has no such column{Hint(column)}");
    }

    /// <summary>What to write instead of a name that isn't a column.</summary>
    public string Hint(string column) => NearestName.Of(column, Columns) is { } nearest
        ? $"; did you mean '{Shown.Text(nearest)}'?" : $". Its columns are {Shown.List(Columns)}.";

    /// <summary>Where a field is, for messages.</summary>
    public string Place(int row, int column) => $"{Name}, line {Lines[row]}, column '{Shown.Text(Columns[column])}'";
}
