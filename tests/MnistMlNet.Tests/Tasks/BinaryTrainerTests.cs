using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Options = MnistMlNet.TwoLayerNetworkBinaryTrainer.Options;

namespace MnistMlNet.Tests.Tasks;

/// <summary>The trainer of two classes, alone and within ML.NET's own components.</summary>
public sealed class BinaryTrainerTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TaskRow[] _rows = TaskRows.Make(300);
    private readonly TaskRow[] _test = TaskRows.Make(300, seed: 2);

    [Fact]
    public void Defaults_learn_a_curved_boundary()
    {
        var model = Fit(View(_rows));

        CalibratedBinaryClassificationMetrics metrics = Evaluate(model, _test);
        Assert.InRange(metrics.AreaUnderRocCurve, 0.98, 1);
        Assert.InRange(metrics.Accuracy, 0.92, 1);
        Assert.Equal(300, model.Model.History!.RowsTrained);
    }

    [Fact]
    public void Booleans_numbers_and_keys_of_two_values_train_to_the_same_bytes()
    {
        IDataView booleans = View(_rows);
        IDataView numbers = _mlContext.Transforms.Conversion.ConvertType("Answer", outputKind: DataKind.Single)
            .Fit(booleans).Transform(booleans);
        IDataView keys = _mlContext.Transforms.Conversion.MapValueToKey(
            "Answer", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(booleans).Transform(booleans);

        int[] expected = TaskModel.Of(Fit(booleans)).Bits;

        Assert.Equal(expected, TaskModel.Of(Fit(numbers)).Bits);
        Assert.Equal(expected, TaskModel.Of(Fit(keys)).Bits);
    }

    [Fact]
    public void Columns_and_annotations_are_those_of_LbfgsLogisticRegression()
    {
        IDataView data = View(_rows);
        var theirs = _mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression("Answer");
        var ours = _mlContext.BinaryClassification.Trainers.TwoLayerNetwork("Answer");

        Assert.Equal(
            SchemaText.Lines(theirs.Fit(data).GetOutputSchema(data.Schema)), SchemaText.Lines(ours.Fit(data).GetOutputSchema(data.Schema)));
        Assert.Equal(
            SchemaText.Lines(theirs.GetOutputSchema(SchemaText.Shape(data.Schema))),
            SchemaText.Lines(ours.GetOutputSchema(SchemaText.Shape(data.Schema))));
    }

    [Fact]
    public void The_probability_is_the_logistic_function_of_the_score_and_the_label_its_sign()
    {
        var model = Fit(View(_rows));
        IDataView scored = model.Transform(View(_test));

        float[] scores = [.. scored.GetColumn<float>("Score")], probabilities = [.. scored.GetColumn<float>("Probability")];
        Assert.All(scores.Zip(probabilities), pair => Assert.Equal(1 / (1 + Math.Exp(-pair.First)), pair.Second, 1e-6));
        Assert.Equal(scores.Select(score => score > 0), scored.GetColumn<bool>("PredictedLabel"));
        Assert.Equal(probabilities, _test.Select(row => model.Model.Predict(row.Features)));
    }

    [Fact]
    public void ChangeModelThreshold_moves_the_boundary()
    {
        var model = Fit(View(_rows));

        IDataView scored = _mlContext.BinaryClassification.ChangeModelThreshold(model, 1).Transform(View(_test));

        float[] scores = [.. scored.GetColumn<float>("Score")];
        Assert.Equal(scores.Select(score => score > 1), scored.GetColumn<bool>("PredictedLabel"));
        Assert.Contains(scores, score => score is > 0 and < 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneVersusAll_and_PairwiseCoupling_train_it_for_many_classes(bool isOneVersusAll)
    {
        IDataView data = Examples.Keyed(_mlContext, Examples.Rows(90));
        var binary = _mlContext.BinaryClassification.Trainers.TwoLayerNetwork(
            new Options { HiddenUnits = 4, NumberOfEpochs = 30, Seed = 1 });
        var trainers = _mlContext.MulticlassClassification.Trainers;
        IEstimator<ITransformer> meta = isOneVersusAll ? trainers.OneVersusAll(binary) : trainers.PairwiseCoupling(binary);

        IDataView scored = meta.Fit(data).Transform(data);

        // Independent trainers of the same rows: the curve of two classes is what each of them learns.
        Assert.True(_mlContext.MulticlassClassification.Evaluate(scored).MicroAccuracy > 0.85);
        Assert.All(scored.GetColumn<float[]>("Score"), row => Assert.Equal(1, row.Sum(), 1e-4));
    }

    [Fact]
    public void Permutation_importance_finds_the_feature_that_counts()
    {
        var importance = _mlContext.BinaryClassification.PermutationFeatureImportance(Fit(View(_rows)), View(_rows), "Answer");

        Assert.InRange(importance[0].AreaUnderRocCurve.Mean, -1, -0.2);
        Assert.Equal(0, importance[3].AreaUnderRocCurve.Mean, 1e-6);           // constant
    }

    [Fact]
    public void CrossValidate_the_calibrators_and_the_prediction_engine_accept_it()
    {
        var folds = _mlContext.BinaryClassification.CrossValidate(
            View(_rows), TaskTraining.Trainer(_mlContext, new Options { LabelColumnName = "Answer", Seed = 1 }), 3, "Answer");
        var model = Fit(View(_rows));
        IDataView scored = model.Transform(View(_test));
        ITransformer calibrator = _mlContext.BinaryClassification.Calibrators.Platt("Answer").Fit(scored);
        using var engine = _mlContext.Model.CreatePredictionEngine<TaskRow, Answer>(model);

        Assert.All(folds, fold => Assert.InRange(fold.Metrics.AreaUnderRocCurve, 0.95, 1));
        Assert.Equal(300, calibrator.Transform(scored).GetColumn<float>("Probability").Count());
        Assert.Equal(scored.GetColumn<float>("Probability").Take(20), _test[..20].Select(row => engine.Predict(row).Probability));
        Assert.InRange(_mlContext.BinaryClassification.EvaluateNonCalibrated(scored, "Answer").AreaUnderRocCurve, 0.98, 1);
    }

    [Fact]
    public void PositiveClassWeight_has_the_effect_of_so_many_positive_rows()
    {
        void Plain(Options options) => (options.BatchSize, options.Optimizer, options.NumberOfEpochs, options.LearningRate,
            options.StandardizeFeatures) = (0, Optimizer.GradientDescent, 100, 0.1f, false);
        var weighted = Fit(View(_rows), options =>
        {
            Plain(options);
            options.PositiveClassWeight = 4;
        });

        var repeated = Fit(View(_rows.SelectMany(row => Enumerable.Repeat(row, row.Answer ? 4 : 1))), Plain);

        float[] expected = Probabilities(repeated), actual = Probabilities(weighted);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.True(actual.Average() > Probabilities(Fit(View(_rows), Plain)).Average() + 0.05);
        Assert.Equal(repeated.Model.History!.Epochs[^1].TrainLoss, weighted.Model.History!.Epochs[^1].TrainLoss, 1e-4);
    }

    [Fact]
    public void BalancedClassWeights_raise_the_recall_of_the_rarer_class()
    {
        TaskRow[] rows = [.. _rows.Where((row, i) => !row.Answer || i % 10 == 0)];

        float balanced = Probabilities(Fit(View(rows), options => options.BalancedClassWeights = true)).Average();
        float plain = Probabilities(Fit(View(rows))).Average();

        Assert.True(balanced > plain + 0.02, $"The mean probability is {balanced}, and {plain} without.");
    }

    [Fact]
    public void LabelSmoothing_keeps_probabilities_away_from_0_and_1()
    {
        float[] smooth = Probabilities(Fit(View(_rows), options => options.LabelSmoothing = 0.2f));

        // The target of yes is 0.9, that of no 0.1.
        Assert.InRange(smooth.Average(p => Math.Abs(p - 0.5f)), 0.2, 0.4);
        Assert.True(Probabilities(Fit(View(_rows))).Average(p => Math.Abs(p - 0.5f)) > 0.42);
    }

    private IDataView View(IEnumerable<TaskRow> rows) => TaskRows.View(_mlContext, rows);

    private BinaryPredictionTransformer<TwoLayerNetworkBinaryModelParameters> Fit(IDataView data, Action<Options>? change = null)
    {
        var options = new Options { LabelColumnName = "Answer", HiddenUnits = 8, Seed = 1, NumberOfThreads = 1 };
        change?.Invoke(options);
        return _mlContext.BinaryClassification.Trainers.TwoLayerNetwork(options).Fit(data);
    }

    private float[] Probabilities(ITransformer model) => [.. model.Transform(View(_test)).GetColumn<float>("Probability")];

    private CalibratedBinaryClassificationMetrics Evaluate(ITransformer model, TaskRow[] rows) =>
        _mlContext.BinaryClassification.Evaluate(model.Transform(View(rows)), "Answer");

    private sealed class Answer
    {
        public float Probability { get; set; }
    }
}
