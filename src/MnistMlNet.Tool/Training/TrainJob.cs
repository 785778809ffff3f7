using Microsoft.ML;
using MnistMlNet.Primitives;
using MnistMlNet.Reporting;
using MnistMlNet.Tool.Commands;
using MnistMlNet.Tool.Tables;

namespace MnistMlNet.Tool.Training;

/// <summary>Finds out what a file has, measures the chain by cross-validation, trains it on all rows, and writes the files.</summary>
internal sealed class TrainJob(
    CsvTable table, IReadOnlyList<int> labelColumns, TrainingTask? givenTask, IReadOnlyDictionary<int, ColumnKind> given,
    NetworkSettings settings, OutputFiles files, TextWriter output)
{
    private readonly MLContext _mlContext = new(settings.Seed);

    private string[] Labels => [.. labelColumns.Select(column => table.Columns[column])];

    public void Run(int folds)
    {
        ColumnGuess[] columns = [
            .. Enumerable.Range(0, table.Columns.Count).Where(index => !labelColumns.Contains(index))
                .Select(index => ColumnGuess.Of(table, index, given.TryGetValue(index, out ColumnKind kind) ? kind : null))];
        var task = TaskGuess.Of(table, labelColumns, givenTask);
        new FoundText(table, columns, task).Write(output);
        if (columns.All(column => column.Kind == ColumnKind.Ignored))
        {
            throw new InvalidDataException(
                $"{table.Name} has no column to predict '{Shown.List(Labels)}' from: "
                    + (columns.Length == 0 ? "all are labels. Leave out a --label."
                        : "all are left out. --category uses one nevertheless."));
        }

        var chain = new Chain(_mlContext, table, columns, task, settings);
        if (Usable(folds, task) is var count and > 1)
        {
            CrossValidate(chain, task, count);
        }

        IDataView rows = chain.Load(task.Rows);
        ITransformer model = chain.Fit(rows, Progress());
        _mlContext.Model.SaveAtomic(model, rows.Schema, files.Model);
        TwoLayerNetworkModelParametersBase network = TrainedNetwork.Find(model).Model;
        output.WriteLine($"Trained on {task.Rows.Count:N0} rows: {Count(network.InputCount, "input")}, "
            + $"{Count(network.HiddenUnits, "hidden unit")}, {Count(network.OutputCount, "output")}");
        output.WriteLine($"Model: {files.Model} ({new FileInfo(files.Model).Length / 1024d:N0} KB)");
        output.WriteLine($"Next:  mnistmlnet predict {files.Model} new.csv");
    }

    private static string Count(int count, string name) => $"{count:N0} {name}{(count == 1 ? "" : "s")}";

    // A fold without one of two classes can't be measured.
    private int Usable(int folds, TaskGuess task)
    {
        int limit = task.Task == TrainingTask.Binary
            ? task.Rows.GroupBy(row => TableData.Answer(table, row, task.Column)).Min(group => group.Count()) : task.Rows.Count / 2;
        if (folds > limit)
        {
            output.WriteLine(limit > 1 ? $"Cross-validation with {limit} folds instead of {folds}: there are no more rows of a class."
                : "Too few rows for cross-validation.");
        }

        int usable = Math.Min(folds, limit);
        return usable > 1 || (files.Report ?? files.Predictions) is null ? usable : throw new InvalidDataException(
            $"{table.Name} has too few rows for --report and --predictions, which need cross-validation.");
    }

    private void CrossValidate(Chain chain, TaskGuess task, int count)
    {
        int[][] folds = Folds.Of(table, task, count, settings.Seed);
        List<IReadOnlyList<(string Name, double Value, bool IsFraction)>> measures = [];
        Dictionary<int, string[]> predicted = [];
        IReadOnlyList<string> headings = [];
        foreach ((int number, int[] test) in folds.Index())
        {
            HashSet<int> left = [.. test];
            IDataView testRows = chain.Load(test);
            ITransformer model = chain.Fit(chain.Load([.. task.Rows.Where(row => !left.Contains(row))]));
            IDataView scored = model.Transform(testRows);
            measures.Add(Measures.Of(_mlContext, task.Task, scored, chain.Label, Labels.Length));
            if (files.Predictions is not null)
            {
                (headings, IReadOnlyList<string[]> values) = Predictions.Read(scored, Labels);
                foreach ((int row, string[] value) in test.Zip(values))
                {
                    predicted.Add(row, value);
                }
            }

            if (number == 0 && files.Report is not null)
            {
                TrainingReport.Create(_mlContext, model, testRows, ReportCommand.Options(
                    chain.Label, table, $"{test.Length:N0} of {task.Rows.Count:N0} rows, the first of {count} folds; the model of this "
                        + "page was trained on the other folds.")).SaveHtml(files.Report);
            }
        }

        output.WriteLine($"Cross-validation, {count} folds: each row is predicted by a network that wasn't trained on it");
        int width = Math.Max(20, measures[0].Max(measure => measure.Name.Length));
        foreach ((int index, (string name, _, bool isFraction)) in measures[0].Index())
        {
            double[] values = [.. measures.Select(fold => fold[index].Value).Where(double.IsFinite)];
            double mean = values.DefaultIfEmpty(double.NaN).Average();
            double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Length - 1));
            string value = isFraction ? $"{mean:P1} ± {100 * deviation:F1}" : $"{mean:G4} ± {deviation:G2}";
            output.WriteLine($"  {name.PadRight(width)} {value}"
                + (name == "accuracy" ? Baseline(task) : ""));
        }

        output.WriteLine();
        if (files.Predictions is not null)
        {
            // Rows without a label were in no fold.
            string[] none = [.. headings.Select(_ => "")];
            new Predictions(headings, [.. Enumerable.Range(0, table.Rows.Count).Select(row => predicted.GetValueOrDefault(row, none))])
                .Save(table, files.Predictions);
            output.WriteLine($"Predictions: {files.Predictions}");
        }

        if (files.Report is not null)
        {
            output.WriteLine($"Report: {files.Report}; open it in a browser");
        }
    }

    private string Baseline(TaskGuess task)
    {
        IGrouping<string, int> most = task.Rows.GroupBy(row => table.Rows[row][task.Column].Trim()).MaxBy(group => group.Count())!;
        return $" (always '{Shown.Text(most.Key)}': {(double)most.Count() / task.Rows.Count:P1})";
    }

    // In a file, a line for each of hundreds of epochs would hide the result.
    private Action<TrainingEpoch>? Progress() =>
        ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected ? ConsoleProgress.Create(_mlContext) : null;
}
