using Microsoft.ML;

namespace MnistMlNet.Tests.Tasks;

/// <summary>Targets near the largest float: programs write it where a value is missing, and scores of that size would overflow.</summary>
public sealed class TargetLimitTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TaskRow[] _rows = TaskRows.Make(40);

    [Theory]
    [InlineData(TaskTraining.Number, float.MaxValue)]
    [InlineData(TaskTraining.Number, -float.MaxValue)]
    [InlineData(TaskTraining.Numbers, -3.4e38f)]
    [InlineData(TaskTraining.Counts, 1.1e36f)]
    public void Fit_TargetBeyondTheLimit_SkipsAndCountsTheRow(string task, float target)
    {
        TaskRow[] rows = [.. _rows];
        rows[7] = rows[7].With(copy => (copy.Number, copy.Count, copy.Numbers[2]) = (target, target, target));
        var messages = new LogMessages(_mlContext);

        TaskModel model = Fit(task, rows);

        Assert.Equal((39, 1), (model.History.RowsTrained, model.History.RowsSkipped));
        Assert.Equal(Fit(task, rows.Where((_, i) => i != 7)).Bits, model.Bits);
        Assert.Contains("1 training rows were skipped: 1 with a label that is infinite or beyond ±1e36.", messages.Warnings);
    }

    [Theory]
    [InlineData(RegressionLoss.Squared)]
    [InlineData(RegressionLoss.Absolute)]
    public void Fit_TargetsAtTheLimit_GivesFiniteScoresOfTheirSize(RegressionLoss loss)
    {
        TaskRow[] rows = [.. _rows.Select(row => row.With(copy => copy.Number = row.Features[0] > 0 ? 1e36f : -1e36f))];

        TaskModel model = Fit(TaskTraining.Number, rows, options =>
            (((TwoLayerNetworkRegressionTrainer.Options)options).Loss, options.NumberOfEpochs) = (loss, 50));

        float[] scores = TaskTraining.Scores(TaskTraining.Number, model.Transformer.Transform(TaskRows.View(_mlContext, rows)));
        Assert.Equal(rows.Length, model.History.RowsTrained);
        Assert.All(scores, score => Assert.InRange(score, -1e37f, 1e37f));
        Assert.Contains(scores, score => Math.Abs(score) > 1e35f);
    }

    private TaskModel Fit(string task, IEnumerable<TaskRow> rows, Action<TwoLayerNetworkOptions>? change = null) =>
        TaskTraining.Fit(_mlContext, TaskTraining.Options(task, change), TaskRows.View(_mlContext, rows));
}
