using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Tasks;

/// <summary>All ways to score a row by a model of any task.</summary>
public sealed class TaskScoresTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TaskRow[] _rows = TaskRows.Make(60);

    public static TheoryData<string> Tasks => TaskTraining.All;

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Every_way_to_score_gives_the_same_bits(string task)
    {
        TaskModel model = Fit(task);
        float[] expected = [.. _rows.SelectMany(row => Predict(model.Model, row.Features))];

        // Half of the features are 0, so that sparse rows are sparse.
        TaskRow[] halves = [.. _rows.Select(row => row.With(copy => (copy.Features[0], copy.Features[2]) = (0, 0)))];
        float[] ofHalves = [.. halves.SelectMany(row => Predict(model.Model, row.Features))];

        Check.SameBits(expected, PredictBatch(model.Model, [.. _rows.SelectMany(row => row.Features)]), $"{task}, PredictBatch");
        Check.SameBits(expected, Scores(task, model, TaskRows.View(_mlContext, _rows)), $"{task}, Transform");
        Check.SameBits(ofHalves, Scores(task, model, TaskRows.View(_mlContext, halves)), $"{task}, Transform of dense rows");
        Check.SameBits(ofHalves, Scores(task, model, Sparse(halves)), $"{task}, Transform of sparse rows");
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_row_with_a_feature_that_is_not_finite_scores_NaN_and_has_no_positive_label(string task)
    {
        TaskModel model = Fit(task);
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            TaskRow[] rows = [_rows[0], _rows[1].With(copy => copy.Features[1] = bad), _rows[2]];

            IDataView scored = model.Transformer.Transform(TaskRows.View(_mlContext, rows));

            float[] scores = TaskTraining.Scores(task, scored);
            int outputs = model.Model.OutputCount;
            if (task != TaskTraining.Binary)                                   // scored by ML.NET's own transformer, as any of its models
            {
                Assert.All(scores[outputs..(2 * outputs)], score => Assert.True(float.IsNaN(score), $"{task}: {score} for {bad}"));
                Assert.All(Predict(model.Model, rows[1].Features), score => Assert.True(float.IsNaN(score)));
            }

            Assert.All((float[])[.. scores[..outputs], .. scores[(2 * outputs)..]], score => Assert.True(float.IsFinite(score)));
            if (task == TaskTraining.Labels)
            {
                Assert.Equal([false, false, false], scored.GetColumn<bool[]>("PredictedLabel").ElementAt(1));
            }
        }
    }

    [Fact]
    public void A_binary_row_with_a_NaN_is_no_positive_one()
    {
        TaskModel model = Fit(TaskTraining.Binary);

        IDataView scored = model.Transformer.Transform(
            TaskRows.View(_mlContext, _rows[0].With(copy => copy.Features[1] = float.NaN)));

        Assert.True(float.IsNaN(scored.GetColumn<float>("Score").Single()));
        Assert.True(float.IsNaN(scored.GetColumn<float>("Probability").Single()));
        Assert.False(scored.GetColumn<bool>("PredictedLabel").Single());
    }

    [Fact]
    public void A_network_of_many_outputs_is_no_binary_one()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("labels.npz");
        Fit(TaskTraining.Labels).Model.SaveNpz(path);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => TwoLayerNetworkBinaryModelParameters.LoadNpz(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_of_one_output_is_no_multiclass_one()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("number.npz");
        Fit(TaskTraining.Number).Model.SaveNpz(path);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => TwoLayerNetworkModelParameters.LoadNpz(path));

        Assert.EndsWith("w2 has 1 rows; a network for several classes has 2 or more.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_of_another_length_is_refused_with_both_lengths()
    {
        var model = (TwoLayerNetworkRegressionModelParameters)Fit(TaskTraining.Numbers).Model;

        Assert.StartsWith(
            "scores has room for 2 values; the network has 3 outputs.",
            Assert.Throws<ArgumentException>("scores", () => model.Predict(new float[4], new float[2])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "scores has room for 5 values; 2 rows of 3 outputs need 6.",
            Assert.Throws<ArgumentException>("scores", () => model.PredictBatch(new float[8], new float[5])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "outputIndex must be 0 to 2: the network has 3 outputs.", Assert.Throws<ArgumentOutOfRangeException>(
                "outputIndex", () => model.ComputeSaliency(new float[4], 3, new float[4])).Message, StringComparison.Ordinal);
    }

    private static float[] Predict(TwoLayerNetworkModelParametersBase model, float[] features)
    {
        float[] scores = new float[model.OutputCount];
        switch (model)
        {
            case TwoLayerNetworkBinaryModelParameters binary:
                return [binary.Predict(features)];
            case TwoLayerNetworkRegressionModelParameters regression:
                regression.Predict(features, scores);
                return scores;
            default:
                ((TwoLayerNetworkMultilabelModelParameters)model).Predict(features, scores);
                return scores;
        }
    }

    private static float[] PredictBatch(TwoLayerNetworkModelParametersBase model, float[] features)
    {
        float[] scores = new float[features.Length / model.InputCount * model.OutputCount];
        switch (model)
        {
            case TwoLayerNetworkBinaryModelParameters binary:
                binary.PredictBatch(features, scores);
                break;
            case TwoLayerNetworkRegressionModelParameters regression:
                regression.PredictBatch(features, scores);
                break;
            default:
                ((TwoLayerNetworkMultilabelModelParameters)model).PredictBatch(features, scores);
                break;
        }

        return scores;
    }

    private static float[] Scores(string task, TaskModel model, IDataView data) =>
        TaskTraining.Scores(task, model.Transformer.Transform(data));

    private IDataView Sparse(TaskRow[] rows) => _mlContext.Data.LoadFromEnumerable(rows.Select(row => new SparseRow
    {
        Features = new VBuffer<float>(4, 2, [row.Features[1], row.Features[3]], [1, 3]),
    }));

    private TaskModel Fit(string task) =>
        TaskTraining.Fit(_mlContext, TaskTraining.Options(task), TaskRows.View(_mlContext, _rows));

    private sealed class SparseRow
    {
        [VectorType(TaskRows.FeatureCount)]
        public VBuffer<float> Features { get; set; }
    }
}
