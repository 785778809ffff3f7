using System.Globalization;
using System.Text;

namespace MnistMlNet.Primitives;

/// <summary>A table of text with aligned columns: the first one to the left, the others to the right.</summary>
internal static class TextTable
{
    /// <summary>Characters after which the first column is cut.</summary>
    private const int MaxNameLength = 40;

    /// <summary>Rows after which the table is cut.</summary>
    private const int MaxRowCount = Shown.MaxListCount;

    /// <param name="heading">The heading of each column.</param>
    /// <param name="rows">The cells of each row; only the first <see cref="MaxRowCount"/> rows are shown, and the number of the
    /// others.</param>
    /// <param name="last">The cells of a row below all others; null for none.</param>
    /// <returns>The lines, joined by a line feed.</returns>
    public static string Format(string[] heading, IReadOnlyList<string[]> rows, string[]? last = null)
    {
        string[][] shown = [heading, .. rows.Take(MaxRowCount), .. last is null ? [] : new[] { last }];
        foreach (string[] row in shown)
        {
            string name = Shown.Text(row[0]);
            row[0] = name.Length > MaxNameLength ? string.Concat(name.AsSpan(0, MaxNameLength - 1), "…") : name;
        }

        int[] widths = [.. heading.Select((_, column) => shown.Max(row => row[column].Length))];
        List<string> lines = [.. shown.Select(row => Line(row, widths))];
        if (rows.Count > MaxRowCount)
        {
            lines.Insert(MaxRowCount + 1, string.Create(CultureInfo.InvariantCulture, $"… and {rows.Count - MaxRowCount} more"));
        }

        return string.Join('\n', lines);
    }

    /// <summary>A number with at most five significant digits, such as a metric.</summary>
    public static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    /// <summary>A count.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Line(string[] cells, int[] widths)
    {
        var line = new StringBuilder(cells[0].PadRight(widths[0]));
        for (int column = 1; column < cells.Length; column++)
        {
            line.Append("  ").Append(cells[column].PadLeft(widths[column]));
        }

        return line.ToString().TrimEnd();
    }
}
