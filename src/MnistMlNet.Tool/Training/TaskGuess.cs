using Microsoft.ML.Data;
using MnistMlNet.Primitives;
using MnistMlNet.Tool.Tables;

namespace MnistMlNet.Tool.Training;

/// <summary>What the label of a file is, and why.</summary>
/// <param name="Columns">The label's columns: one, or several numbers or answers.</param>
/// <param name="Task">The task.</param>
/// <param name="Reason">Why, for the user.</param>
/// <param name="Rows">The rows with a label, by index.</param>
internal sealed record TaskGuess(IReadOnlyList<int> Columns, TrainingTask Task, string Reason, IReadOnlyList<int> Rows)
{
    /// <summary>Whole numbers of more values are numbers, not classes.</summary>
    private const int MaxNumberedClasses = 10;

    /// <summary>The first column of the label.</summary>
    public int Column => Columns[0];

    /// <summary>The type of the label's columns.</summary>
    public DataKind Kind => Task switch
    {
        TrainingTask.Binary => DataKind.Boolean,
        TrainingTask.Regression or TrainingTask.Multilabel => DataKind.Single,
        _ => DataKind.String,
    };

    /// <param name="table">The file.</param>
    /// <param name="columns">The label's columns.</param>
    /// <param name="given">The task that the user gave; null to find it.</param>
    public static TaskGuess Of(CsvTable table, IReadOnlyList<int> columns, TrainingTask? given)
    {
        if (columns.Count > 1)
        {
            return OfSeveral(table, columns, given);
        }

        if (given == TrainingTask.Multilabel)
        {
            throw new UsageException("--task is multilabel; with one --label it must be binary, multiclass or regression.");
        }

        int column = columns[0];
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

        return new TaskGuess(columns, task, reason, rows);
    }

    private static TaskGuess OfSeveral(CsvTable table, IReadOnlyList<int> columns, TrainingTask? given)
    {
        if (given is TrainingTask.Binary or TrainingTask.Multiclass)
        {
            throw new UsageException(
                $"--task is {given.ToString()!.ToLowerInvariant()}; with several --label it must be regression or multilabel.");
        }

        int[] all = [.. Enumerable.Range(0, table.Rows.Count)];
        bool areAnswers = columns.All(column => all.All(row => IsAnswer(table.Rows[row][column])));
        TrainingTask task = given ?? (areAnswers ? TrainingTask.Multilabel : TrainingTask.Regression);
        foreach (int column in columns)
        {
            CheckOneOfSeveral(table, column, all, task);
        }

        // Of several answers some may be missing; of several numbers all are needed.
        int[] rows = [.. all.Where(row => task == TrainingTask.Multilabel
            ? columns.Any(column => !CsvTable.IsMissing(table.Rows[row][column]))
            : columns.All(column => !CsvTable.IsMissing(table.Rows[row][column])))];
        string reason = given is not null ? "--task" : areAnswers ? "their values are 0 and 1" : "their values are numbers";
        return rows.Length > 1 ? new TaskGuess(columns, task, reason, rows) : throw new InvalidDataException(
            $"{table.Name}: {(rows.Length == 0 ? "no row has" : "only one row has")} all labels; at least two are needed. "
                + "Leave out the label that is mostly missing.");
    }

    private static void CheckOneOfSeveral(CsvTable table, int column, int[] rows, TrainingTask task)
    {
        string[] values = [.. rows.Select(row => table.Rows[row][column].Trim()).Where(value => !CsvTable.IsMissing(value)).Distinct()];
        string label = Shown.Text(table.Columns[column]);
        if (values.Length < 2)
        {
            string found = values.Length == 0 ? "no value" : $"only the value '{Shown.Text(values[0])}'";
            throw new InvalidDataException(
                $"{table.Name}, column '{label}': the label has {found}; at least two different ones are needed.");
        }

        if (rows.Where(row => !IsOf(table, table.Rows[row][column], task)).Cast<int?>().FirstOrDefault() is { } wrong)
        {
            throw new InvalidDataException(
                $"{table.Place(wrong, column)}: '{Shown.Text(table.Rows[wrong][column])}' is "
                    + (task == TrainingTask.Multilabel ? "neither 0 nor 1, as each of several labels must be."
                        : "no number. Several labels must be all numbers, or all 0 and 1; train another label by itself."));
        }
    }

    private static bool IsOf(CsvTable table, string field, TrainingTask task) => task == TrainingTask.Multilabel
        ? IsAnswer(field) : CsvTable.IsMissing(field) || Numbers.TryParse(field, table.Separator != ',', out _);

    private static bool IsAnswer(string field) => field.Trim() is "0" or "1" || CsvTable.IsMissing(field);

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
