using MnistMlNet.Tool.Tables;

namespace MnistMlNet.Tool.Training;

/// <summary>Divides rows for cross-validation.</summary>
internal static class Folds
{
    /// <summary>
    /// Puts each row into one fold. All folds have about as many rows of each class or combination of answers; of numbers, about as many of
    /// each size, by the first column.
    /// </summary>
    /// <param name="table">The file.</param>
    /// <param name="task">The label and the rows.</param>
    /// <param name="count">The number of folds.</param>
    /// <param name="seed">Decides the order of equal labels.</param>
    /// <returns>The rows of each fold, in ascending order.</returns>
    public static int[][] Of(CsvTable table, TaskGuess task, int count, int seed)
    {
        var random = new AugmentationRandom(seed);
        (int Row, string Text, float Number, float Order)[] rows = [.. task.Rows.Select(row =>
        {
            string text = string.Join('\0', task.Columns.Select(column => table.Rows[row][column].Trim()));
            float number = task.Task == TrainingTask.Regression ? ColumnGuess.Number(table, row, task.Column) : 0;
            return (row, task.Task == TrainingTask.Regression ? "" : text, number, random.NextSingle());
        })];

        // For numbers, the rows of each group of neighbours are dealt out in a random order.
        int[] order = task.Task != TrainingTask.Regression
            ? [.. rows.OrderBy(row => row.Text, StringComparer.Ordinal).ThenBy(row => row.Order).Select(row => row.Row)]
            : [.. rows.OrderBy(row => row.Number).Chunk(count).SelectMany(group => group.OrderBy(row => row.Order)).Select(row => row.Row)];
        return [.. Enumerable.Range(0, count).Select(fold =>
            order.Where((_, index) => index % count == fold).Order().ToArray())];
    }
}
