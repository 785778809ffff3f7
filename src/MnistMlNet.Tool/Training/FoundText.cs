using MnistMlNet.Primitives;
using MnistMlNet.Tool.Tables;

namespace MnistMlNet.Tool.Training;

/// <summary>What was found in a file, as text for the user.</summary>
internal sealed class FoundText(CsvTable table, IReadOnlyList<ColumnGuess> columns, TaskGuess task)
{
    private const int MaxColumns = 30;
    private const int MaxNameLength = 30;

    public void Write(TextWriter output)
    {
        string separator = table.Separator switch { '\t' => "tabs", ',' => "commas", ';' => "semicolons", var other => $"'{other}'" };
        output.WriteLine($"{table.Name}: {table.Rows.Count:N0} rows, {table.Columns.Count:N0} columns, separated by {separator}, "
            + (table.HasHeader ? "with a line of names" : "without a line of names"));
        int width = Math.Min(MaxNameLength, columns.Take(MaxColumns).Select(column => column.Name.Length).DefaultIfEmpty(1).Max());
        foreach (ColumnGuess column in columns.Take(MaxColumns))
        {
            string missing = column.MissingCount > 0 && column.Kind != ColumnKind.Ignored ? $"; {column.MissingCount:N0} missing" : "";
            string kind = column.Kind switch
            {
                ColumnKind.Number => "number",
                ColumnKind.Category => "category",
                ColumnKind.Text => "text",
                _ => "-",
            };
            output.WriteLine($"  {Cut(column.Name).PadRight(width)}  {kind,-8}  {column.Description}{missing}");
        }

        if (columns.Count > MaxColumns)
        {
            output.WriteLine($"  and {columns.Count - MaxColumns:N0} more: " + string.Join(", ", columns.Skip(MaxColumns)
                .GroupBy(column => column.Kind).Select(group =>
                    $"{group.Count():N0} {(group.Key == ColumnKind.Ignored ? "left out" : group.Key.ToString().ToLowerInvariant())}")));
        }

        foreach (int column in task.Columns)
        {
            output.WriteLine($"Label: {Shown.Text(table.Columns[column])}{Values(column)}");
        }

        string remedy = task.Reason == "--task" ? "" : "; --task changes that";
        output.WriteLine($"Task:  {task.Task.ToString().ToLowerInvariant()} ({task.Reason}{remedy})");
        if (task.Rows.Count < table.Rows.Count)
        {
            output.WriteLine($"       {table.Rows.Count - task.Rows.Count:N0} rows without a label are left out");
        }

        output.WriteLine();
    }

    private string Values(int column)
    {
        if (task.Task == TrainingTask.Regression)
        {
            float[] values = [.. task.Rows.Select(row => ColumnGuess.Number(table, row, column))];
            return $", {values.Min():G5} to {values.Max():G5}, mean {values.Average():G4}";
        }

        IGrouping<string, int>[] classes = [
            .. task.Rows.Where(row => !CsvTable.IsMissing(table.Rows[row][column])).GroupBy(row => table.Rows[row][column].Trim())
                .OrderByDescending(group => group.Count())];
        int missing = task.Rows.Count - classes.Sum(group => group.Count());
        return $", {classes.Length} values: "
            + string.Join(", ", classes.Take(8).Select(group => $"{Shown.Text(group.Key)} ({group.Count():N0})"))
            + (classes.Length > 8 ? ", …" : "")
            + (missing > 0 ? $"; {missing:N0} missing" : "");
    }

    private static string Cut(string name) =>
        Shown.Text(name) is { Length: > MaxNameLength } shown ? string.Concat(shown.AsSpan(0, MaxNameLength - 1), "…") : Shown.Text(name);
}
