using Microsoft.ML.Data;
using MnistMlNet.Primitives;
using MnistMlNet.Tool.Tables;

namespace MnistMlNet.Tool.Training;

/// <summary>What the label of a file is, and why.</summary>
/// <param name="Column">The label's column.</param>
/// <param name="Task">The task.</param>
/// <param name="Reason">Why, for the user.</param>
/// <param name="Rows">The rows with a label, by index.</param>
internal sealed record TaskGuess(int Column, TrainingTask Task, string Reason, IReadOnlyList<int> Rows)
{
    /// <summary>Whole numbers of more values are numbers, not classes.</summary>
    private const int MaxNumberedClasses = 10;

    /// <summary>The type of the label's column.</summary>
    public DataKind Kind => Task switch
    {
        TrainingTask.Binary => DataKind.Boolean,
        TrainingTask.Regression => DataKind.Single,
        _ => DataKind.String,
    };

    /// <param name="table">The file.</param>
    /// <param name="column">The label's column.</param>
    /// <param name="given">The task that the user gave; null to find it.</param>
    public static TaskGuess Of(CsvTable table, int column, TrainingTask? given)
    {
        int[] rows = [.. Enumerable.Range(0, table.Rows.Count).Where(row => !CsvTable.IsMissing(table.Rows[row][column]))];
        string[] distinct = [.. rows.Select(row => table.Rows[row][column].Trim()).Distinct()];
        (TrainingTask task, string reason) = given is { } task0 ? (task0, "--task") : Find(table, distinct);
        string label = Shown.Text(table.Columns[column]);
        if (distinct.Length < 2)
        {
            string found = distinct.Length == 0 ? "no value" : $"only the value '{Shown.Text(distinct[0])}'";
            throw new InvalidDataException(
                $"{table.Name}, column '{label}': the label has {found}; at least two different ones are needed.");
        }

        if (task == TrainingTask.Multiclass && distinct.Length > Math.Max(2, rows.Length / 2))
        {
            throw new InvalidDataException($"{table.Name}, column '{label}': {distinct.Length} different values in {rows.Length} rows are "
                + "too many classes. Is it the label? If it is a number, say --task regression.");
        }

        return new TaskGuess(column, task, reason, rows);
    }

    private static (TrainingTask, string) Find(CsvTable table, string[] distinct)
    {
        if (distinct.All(value => value.ToUpperInvariant() is "TRUE" or "FALSE"))
        {
            return (TrainingTask.Binary, "its values are true and false");
        }

        if (distinct.All(value => value is "0" or "1"))
        {
            return (TrainingTask.Binary, "its values are 0 and 1");
        }

        float[] numbers = [
            .. distinct.Select(value => Numbers.TryParse(value, table.Separator != ',', out float number) ? number : float.NaN)];

        // A few values that are no numbers among many that are: a mistake in the file, which reading the label reports.
        if (numbers.Count(float.IsNaN) > numbers.Length / 10)
        {
            return (TrainingTask.Multiclass, "its values are texts");
        }

        return distinct.Length <= MaxNumberedClasses && numbers.All(number => number == MathF.Floor(number))
            ? (TrainingTask.Multiclass, $"it has only {distinct.Length} different whole numbers")
            : (TrainingTask.Regression, "its values are numbers");
    }
}
