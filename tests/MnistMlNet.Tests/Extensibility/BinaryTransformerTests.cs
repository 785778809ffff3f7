using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>
/// ML.NET's binary transformer around a model of ours. Schemas are compared with those of ML.NET's logistic regression, values with
/// arithmetic by hand.
/// </summary>
public sealed class BinaryTransformerTests
{
    /// <summary>The logits are the first feature; of the 9 pairs of a positive and a negative row, 7 are in the right order.</summary>
    private static readonly (bool Label, float Logit)[] s_scored =
        [(true, 3), (true, 1), (true, 0.5f), (false, 2), (false, 0), (false, -1)];

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly List<string> _warnings = [];

    public BinaryTransformerTests() => _mlContext.Log += (_, message) =>
    {
        if (message.Kind >= ChannelMessageKind.Warning)
        {
            _warnings.Add(message.Message);
        }
    };

    private IDataView Scored => View(s_scored.Select(row => new BinaryRow { Label = row.Label, Features = [row.Logit, 7] }));

    [Fact]
    public void Columns_and_annotations_are_those_of_LbfgsLogisticRegression()
    {
        ITransformer lbfgs = _mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(Scored), ours = FirstFeature();

        string[] expected = SchemaText.Lines(lbfgs.GetOutputSchema(Scored.Schema));
        Assert.Contains(expected, line => line.Contains("Probability", StringComparison.Ordinal));
        Assert.Equal(expected, SchemaText.Lines(ours.GetOutputSchema(Scored.Schema)));
        Assert.Equal(expected, SchemaText.Lines(ours.Transform(Scored).Schema));

        // A second scorer hides the columns of the first, and its score set has the next number.
        Assert.Equal(
            SchemaText.Lines(lbfgs.GetOutputSchema(lbfgs.GetOutputSchema(Scored.Schema))),
            SchemaText.Lines(ours.GetOutputSchema(ours.GetOutputSchema(Scored.Schema))));
    }

    [Fact]
    public void The_delivered_schema_has_the_shape_of_LbfgsLogisticRegression_s_GetOutputSchema()
    {
        SchemaShape promised = new CentroidTrainer(_mlContext).GetOutputSchema(SchemaText.Shape(Scored.Schema));

        Assert.Equal(
            SchemaText.Lines(promised), SchemaText.Lines(SchemaText.Shape(FirstFeature().GetOutputSchema(Scored.Schema))));
    }

    [Fact]
    public void Transform_Rows_ScoresAreLogitsAndLabelsArePositiveAboveZero()
    {
        IDataView scored = FirstFeature().Transform(Scored);

        Assert.Equal(s_scored.Select(row => row.Logit), scored.GetColumn<float>("Score"));
        Assert.Equal(s_scored.Select(row => LinearModel.Logistic(row.Logit)), scored.GetColumn<float>("Probability"));
        Assert.Equal([true, true, true, true, false, false], scored.GetColumn<bool>("PredictedLabel"));
        Assert.Equal([], _warnings); // ML.NET warns where it scores a model of another task
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Transform_SparseOrDenseRow_GivesTheSameScore(bool isSparse)
    {
        VBuffer<float> row = isSparse ? new(2, 1, [2.5f], [0]) : new(2, [2.5f, 0]);

        IDataView scored = FirstFeature().Transform(Vectors(row));

        Assert.Equal([2.5f], scored.GetColumn<float>("Score"));
    }

    [Fact]
    public void Transform_FeatureIsNaN_ScoreIsNaNAndLabelNegativeAsOfLbfgsLogisticRegression()
    {
        IDataView rows = View([new BinaryRow { Features = [float.NaN, 7] }]);
        ITransformer lbfgs = _mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(Scored);

        foreach (IDataView scored in new[] { lbfgs.Transform(rows), FirstFeature().Transform(rows) })
        {
            Assert.Equal([float.NaN], scored.GetColumn<float>("Score"));
            Assert.Equal([float.NaN], scored.GetColumn<float>("Probability"));
            Assert.Equal([false], scored.GetColumn<bool>("PredictedLabel"));
        }
    }

    [Fact]
    public void Transform_OtherNumberOfFeatures_IsRefusedByMlNet()
    {
        IDataView rows = Vectors(new VBuffer<float>(3, [1, 2, 3]));

        Exception error = Assert.ThrowsAny<Exception>(() => FirstFeature().Transform(rows));

        Assert.Contains("Vector<Single, 3>", error.Message, StringComparison.Ordinal);
        Assert.Contains("Vector<Single, 2>", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_FeatureColumnIsMissing_IsMlNetsSchemaMismatch()
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => BinaryTransformer.Create(
            _mlContext.BinaryClassification.Trainers.GetEnvironment(), new LinearModel([1, 0], 0), Scored.Schema, "Missing"));

        Assert.Contains("Could not find feature column 'Missing'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_ScoredByHand_GivesTheMetricsByHand()
    {
        CalibratedBinaryClassificationMetrics metrics = _mlContext.BinaryClassification.Evaluate(FirstFeature().Transform(Scored));

        Assert.Equal(7 / 9.0, metrics.AreaUnderRocCurve, 1e-6);
        Assert.Equal(5 / 6.0, metrics.Accuracy, 1e-6);
        Assert.Equal(2, metrics.ConfusionMatrix.GetCountForClassPair(1, 1));
        Assert.Equal(s_scored.Average(row => Math.Log2(1 + Math.Exp(row.Label ? -row.Logit : row.Logit))), metrics.LogLoss, 1e-6);
        Assert.Equal(
            7 / 9.0, _mlContext.BinaryClassification.EvaluateNonCalibrated(FirstFeature().Transform(Scored)).AreaUnderRocCurve, 1e-6);
    }

    [Fact]
    public void ChangeModelThreshold_ComparesTheLogitAndLeavesTheScoresAlone()
    {
        BinaryPredictionTransformer<LinearModel> changed = _mlContext.BinaryClassification.ChangeModelThreshold(FirstFeature(), 1.5f);
        IDataView scored = changed.Transform(Scored);

        Assert.Equal([true, false, false, true, false, false], scored.GetColumn<bool>("PredictedLabel"));
        Assert.Equal(s_scored.Select(row => row.Logit), scored.GetColumn<float>("Score"));
        Assert.Same(changed, _mlContext.BinaryClassification.ChangeModelThreshold(changed, 1.5f));
    }

    [Fact]
    public void PermutationFeatureImportance_FeatureWithoutWeight_HasNone()
    {
        // The overload for chains requires names of the features, which Concatenate gives.
        IDataView parts = _mlContext.Data.LoadFromEnumerable(
            Clusters.Rows(2, 60).Select(row => new PartsRow { Label = row.Class == 0, Used = row.Features[0], Unused = row.Features[1] }));
        IDataView rows = _mlContext.Transforms.Concatenate("Features", "Used", "Unused").Fit(parts).Transform(parts);
        BinaryPredictionTransformer<LinearModel> model = FirstFeature();

        var importance = _mlContext.BinaryClassification.PermutationFeatureImportance(model, rows, permutationCount: 3);
        var ofChain = _mlContext.BinaryClassification.PermutationFeatureImportanceNonCalibrated(
            new TransformerChain<ITransformer>(model), rows, permutationCount: 3);

        Assert.InRange(importance[0].AreaUnderRocCurve.Mean, -1, -0.2);
        Assert.Equal(0, importance[1].AreaUnderRocCurve.Mean);
        Assert.InRange(ofChain["Used"].AreaUnderRocCurve.Mean, -1, -0.2);
        Assert.Equal(0, ofChain["Unused"].AreaUnderRocCurve.Mean);
    }

    [Fact]
    public void Calibrators_FitToTheScores_AddAnotherProbability()
    {
        IDataView scored = FirstFeature().Transform(Scored);
        BinaryClassificationCatalog.CalibratorsCatalog calibrators = _mlContext.BinaryClassification.Calibrators;

        // Platt's function with slope -1 is the logistic function; a fitted one is nearer to the labels.
        ITransformer platt = calibrators.Platt().Fit(scored);
        Assert.Equal(
            scored.GetColumn<float>("Probability"), calibrators.Platt(slope: -1, offset: 0).Fit(scored).Transform(scored)
                .GetColumn<float>("Probability"), Near);
        Assert.True(_mlContext.BinaryClassification.Evaluate(platt.Transform(scored)).LogLoss
            < _mlContext.BinaryClassification.Evaluate(scored).LogLoss);
        Assert.Equal(6, calibrators.Isotonic().Fit(scored).Transform(scored).GetColumn<float>("Probability").Count());
        Assert.Equal(6, new CentroidTrainer(_mlContext).Append(calibrators.Naive()).Fit(Scored).Transform(Scored)
            .GetColumn<float>("Probability").Count());
    }

    [Fact]
    public void CrossValidate_SeparableRows_FindsThemSeparable()
    {
        IDataView rows = View(Clusters.Rows(2, 60).Select(row => new BinaryRow { Label = row.Class == 0, Features = row.Features }));

        var folds = _mlContext.BinaryClassification.CrossValidate(rows, new CentroidTrainer(_mlContext), numberOfFolds: 3);

        Assert.Equal([1.0, 1, 1], folds.Select(fold => fold.Metrics.AreaUnderRocCurve));
        Assert.All(folds, fold => Assert.IsType<BinaryPredictionTransformer<LinearModel>>(fold.Model));
    }

    [Fact]
    public void PredictionEngine_OneRowAfterAnother_GivesItsOwnScores()
    {
        using var engine = _mlContext.Model.CreatePredictionEngine<BinaryRow, Prediction>(FirstFeature());

        foreach ((_, float logit) in s_scored)
        {
            Prediction prediction = engine.Predict(new BinaryRow { Features = [logit, 7] });

            Assert.Equal((logit, LinearModel.Logistic(logit), logit > 0),
                (prediction.Score, prediction.Probability, prediction.PredictedLabel));
        }
    }

    [Fact]
    public void ScoreBinary_ModelOfAnotherTask_SaysWhichModelIsExpected()
    {
        BinaryPredictionTransformer<OfAnotherTask> transformer = BinaryTransformer.Create(
            _mlContext.BinaryClassification.Trainers.GetEnvironment(), new OfAnotherTask(), Scored.Schema, "Features");

        Exception error = Assert.ThrowsAny<Exception>(() => transformer.Transform(Scored).GetColumn<float>("Score").Count());

        // ML.NET scores on several threads and then wraps the error.
        NotSupportedException cause = Assert.IsType<NotSupportedException>(error.GetBaseException());
        Assert.Contains("OfAnotherTask is not a model of binary classification", cause.Message, StringComparison.Ordinal);
    }

    private static bool Near(float expected, float actual) => MathF.Abs(expected - actual) < 1e-6f;

    private BinaryPredictionTransformer<LinearModel> FirstFeature() => BinaryTransformer.Create(
        _mlContext.BinaryClassification.Trainers.GetEnvironment(), new LinearModel([1, 0], 0), Scored.Schema, "Features");

    private IDataView View(IEnumerable<BinaryRow> rows) => _mlContext.Data.LoadFromEnumerable(rows);

    private IDataView Vectors(VBuffer<float> row)
    {
        var schema = SchemaDefinition.Create(typeof(VectorRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, row.Length);
        return _mlContext.Data.LoadFromEnumerable([new VectorRow { Features = row }], schema);
    }

    private sealed class VectorRow
    {
        public VBuffer<float> Features { get; set; }
    }

    private sealed class PartsRow
    {
        public bool Label { get; set; }

        public float Used { get; set; }

        public float Unused { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class OfAnotherTask : LoadableModelParametersBase
    {
        internal override int FeatureCount => 2;

        internal override void WritePayload(Stream stream)
        {
        }
    }
}
