using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tool.Tables;

/// <summary>Rows of a CSV file as the data view that a model reads.</summary>
internal static class TableData
{
    /// <summary>The columns of a file with their types: numbers, texts, and answers that are true or false.</summary>
    /// <param name="table">The file.</param>
    /// <param name="rows">The rows to take, by index.</param>
    /// <param name="columns">The columns to take, and their types.</param>
    public static IDataView Load(CsvTable table, IReadOnlyList<int> rows, IEnumerable<(int Index, DataKind Kind)> columns) =>
        new DataFrame(columns.Select(column => Column(table, rows, table.Columns[column.Index], column.Index, column.Kind)));

    /// <summary>The columns that a model was trained on, from a file that has them in any order, with or without the label.</summary>
    /// <param name="table">The file.</param>
    /// <param name="schema">The schema that was saved with the model.</param>
    /// <param name="labels">The label's columns.</param>
    /// <param name="isLabelNeeded">Whether the label must be there.</param>
    public static IDataView Load(CsvTable table, DataViewSchema schema, IReadOnlyList<string> labels, bool isLabelNeeded)
    {
        int[] rows = [.. Enumerable.Range(0, table.Rows.Count)];
        List<DataFrameColumn> columns = [];
        foreach (DataViewSchema.Column column in schema)
        {
            int index = table.Find(column.Name);
            DataKind kind = KindOf(column);
            if (index < 0 && (!labels.Contains(column.Name) || isLabelNeeded))
            {
                throw new InvalidDataException(
                    $"{table.Name} has no column '{Shown.Text(column.Name)}', which the model needs{table.Hint(column.Name)}");
            }

            columns.Add(index >= 0 ? Column(table, rows, column.Name, index, kind) : Missing(column.Name, kind, rows.Length));
        }

        return new DataFrame(columns);
    }

    /// <summary>Reads an answer: true or false, 1 or 0; null for a missing value.</summary>
    public static bool? Answer(CsvTable table, int row, int column) => table.Rows[row][column].Trim().ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ when CsvTable.IsMissing(table.Rows[row][column]) => null,
        _ => throw new InvalidDataException(
            $"{table.Place(row, column)}: '{Shown.Text(table.Rows[row][column])}' is neither true, false, 1 nor 0. Correct it, or give "
                + "--task multiclass."),
    };

    private static DataKind KindOf(DataViewSchema.Column column) => column.Type.RawType == typeof(float) ? DataKind.Single
        : column.Type.RawType == typeof(bool) ? DataKind.Boolean
        : column.Type.RawType == typeof(ReadOnlyMemory<char>) ? DataKind.String
        : throw new InvalidDataException(
            $"The model reads column '{Shown.Text(column.Name)}' of type {column.Type}; a CSV file has only numbers, texts and answers. "
                + "Use the model in a program, where its data comes from.");

    private static DataFrameColumn Column(CsvTable table, IReadOnlyList<int> rows, string name, int index, DataKind kind) => kind switch
    {
        DataKind.Single => new SingleDataFrameColumn(name, rows.Select(row => ColumnGuess.Number(table, row, index))),
        DataKind.Boolean => new BooleanDataFrameColumn(name, rows.Select(row => Answer(table, row, index) ?? false)),
        _ => new StringDataFrameColumn(
            name, rows.Select(row => CsvTable.IsMissing(table.Rows[row][index]) ? "" : table.Rows[row][index].Trim())),
    };

    private static DataFrameColumn Missing(string name, DataKind kind, int count) => kind switch
    {
        DataKind.Single => new SingleDataFrameColumn(name, Enumerable.Repeat(float.NaN, count)),
        DataKind.Boolean => new BooleanDataFrameColumn(name, Enumerable.Repeat(false, count)),
        _ => new StringDataFrameColumn(name, Enumerable.Repeat("", count)),
    };
}
