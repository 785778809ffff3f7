using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MnistMlNet.Tests;

/// <summary>The trainer as users use it: in a chain, with ML.NET's evaluators, prediction engines and explainers.</summary>
public sealed class InPipelineTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly Example[] _rows = Examples.Rows(150);
    private readonly IDataView _data;

    public InPipelineTests()
    {
        _data = Examples.View(_mlContext, _rows);
    }

    [Fact]
    public void Evaluate_gives_the_accuracy_and_loss_that_the_scores_have_by_hand()
    {
        IDataView scored = Pipeline().Fit(_data).Transform(_data);

        MulticlassClassificationMetrics metrics = _mlContext.MulticlassClassification.Evaluate(scored);

        float[][] scores = Examples.Scores(scored);
        int[] labels = [.. _rows.Select(row => row.Label[0] - 'a')];
        int hits = labels.Zip(scores).Count(row => row.Second[row.First] == row.Second.Max());
        double loss = labels.Zip(scores).Average(row => -Math.Log(row.Second[row.First]));
        Assert.Equal((double)hits / _rows.Length, metrics.MicroAccuracy, 1e-12);

        // Probabilities are floats on both sides; the evaluator sums them as doubles, as we do here.
        Assert.Equal(loss, metrics.LogLoss, 1e-6);
        Assert.InRange(metrics.MicroAccuracy, 0.85, 1);
    }

    [Fact]
    public void CrossValidate_learns_in_every_fold()
    {
        IReadOnlyList<TrainCatalogBase.CrossValidationResult<MulticlassClassificationMetrics>> folds =
            _mlContext.MulticlassClassification.CrossValidate(_data, Pipeline(), numberOfFolds: 3);

        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.MicroAccuracy, 0.7, 1));
    }

    [Fact]
    public void MapKeyToValue_gives_the_labels_as_they_were()
    {
        IDataView scored = Pipeline().Fit(_data).Transform(_data);

        string[] predicted = [.. scored.GetColumn<string>("PredictedLabel")];

        Assert.Equal(Examples.Scores(scored).Select(score => "abc"[score.IndexOf(score.Max())].ToString()), predicted);
        Assert.Equal(["a", "b", "c"], predicted.Distinct().Order());
    }

    [Fact]
    public void A_prediction_engine_predicts_as_the_view_does()
    {
        ITransformer model = Pipeline().Fit(_data);
        using PredictionEngine<Example, Prediction> engine = _mlContext.Model.CreatePredictionEngine<Example, Prediction>(model);
        IDataView scored = model.Transform(_data);

        Assert.Equal(Examples.Scores(scored), _rows.Select(row => engine.Predict(row).Score));
        Assert.Equal(scored.GetColumn<string>("PredictedLabel"), _rows.Select(row => engine.Predict(row).PredictedLabel));
    }

    [Fact]
    public void A_prediction_engine_scores_anew_when_the_same_object_has_other_features()
    {
        using PredictionEngine<Example, Prediction> engine = _mlContext.Model.CreatePredictionEngine<Example,
            Prediction>(Pipeline().Fit(_data));
        Example row = _rows[0].With();
        float[] before = engine.Predict(row).Score;

        row.Features = _rows[1].Features;

        Assert.Equal(engine.Predict(_rows[1]).Score, engine.Predict(row).Score);
        Assert.NotEqual(before, engine.Predict(row).Score);
    }

    [Fact]
    public void A_prediction_engine_may_be_fed_by_a_loaded_model()
    {
        ITransformer model = Pipeline().Fit(_data);
        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, _data.Schema, stream);
        stream.Position = 0;
        var other = new MLContext(seed: 2);
        using PredictionEngine<Example, Prediction> engine =
            other.Model.CreatePredictionEngine<Example, Prediction>(other.Model.Load(stream, out DataViewSchema schema), schema);

        Assert.Equal(Examples.Scores(model.Transform(_data)), _rows.Select(row => engine.Predict(row).Score));
    }

    [Fact]
    public void Permutation_feature_importance_of_the_transformer_finds_the_features_that_determine_the_class()
    {
        IDataView keyed = Examples.Keyed(_mlContext, _rows);
        TwoLayerNetworkTransformer transformer = Examples.Trainer(_mlContext, options => options.NumberOfEpochs = 40).Fit(keyed);

        ImmutableArray<MulticlassClassificationMetricsStatistics> importance =
            _mlContext.MulticlassClassification.PermutationFeatureImportance(transformer, transformer.Transform(keyed));

        Assert.Equal(Examples.FeatureCount, importance.Length);
        AssertImportance([.. importance.Select(feature => feature.MicroAccuracy.Mean)]);
    }

    [Fact]
    public void Permutation_feature_importance_of_a_chain_finds_the_features_that_determine_the_class()
    {
        // ML.NET's overload for chains takes the names of the features from the slots that Concatenate names.
        IDataView scalars = _mlContext.Data.LoadFromEnumerable(_rows.Select(row => new ScalarRow
        {
            Label = row.Label,
            First = row.Features[0],
            Second = row.Features[1],
            Third = row.Features[2],
            Fourth = row.Features[3],
        }));
        IDataView data = _mlContext.Transforms.Concatenate("Features", "First", "Second", "Third", "Fourth").Fit(scalars)
            .Transform(scalars);
        TransformerChain<TwoLayerNetworkTransformer> chain = Beginning()
            .Append(Examples.Trainer(_mlContext, options => options.NumberOfEpochs = 40)).Fit(data);

        ImmutableDictionary<string, MulticlassClassificationMetricsStatistics> importance =
            _mlContext.MulticlassClassification.PermutationFeatureImportance((ITransformer)chain, chain.Transform(data));

        Assert.Equal(Examples.FeatureCount, importance.Count);
        AssertImportance([.. new[] { "First", "Second", "Third", "Fourth" }.Select(name => importance[name].MicroAccuracy.Mean)]);
    }

    [Fact]
    public void A_cache_checkpoint_changes_nothing()
    {
        var other = new MLContext(seed: 1);
        ITransformer expected = Beginning(other).Append(Examples.Trainer(other)).Fit(_data);
        TransformerChain<TwoLayerNetworkTransformer> cached = Beginning().AppendCacheCheckpoint(_mlContext)
            .Append(Examples.Trainer(_mlContext)).Fit(_data);

        Assert.Equal(Examples.Scores(expected.Transform(_data)), Examples.Scores(cached.Transform(_data)));
    }

    [Fact]
    public void Fit_takes_a_transformed_view_and_reads_each_row_once()
    {
        var counting = new CountingDataView(Examples.Keyed(_mlContext, _rows));

        Examples.Trainer(_mlContext, options => options.ExampleWeightColumnName = "Weight").Fit(counting);

        Assert.Equal(["Features", "Label", "Weight"], counting.Asked.Order());
        Assert.Equal(_rows.Length, counting.Fetches("Features"));
        Assert.Equal(_rows.Length, counting.Fetches("Label"));
        Assert.Equal(_rows.Length, counting.Fetches("Weight"));
    }

    [Fact]
    public void Two_trainers_in_one_chain_keep_their_columns_apart()
    {
        IDataView keyed = Examples.Keyed(_mlContext, _rows);
        IDataView scored = Examples.Trainer(_mlContext).Append(_mlContext.Transforms.CopyColumns("First", "Score"))
            .Append(Examples.Trainer(_mlContext, options => options.Seed = 2)).Fit(keyed).Transform(keyed);

        Assert.NotEqual(scored.GetColumn<float[]>("First"), Examples.Scores(scored));
        Assert.InRange(_mlContext.MulticlassClassification.Evaluate(scored).LogLoss, 0, Math.Log(3) + 1);
    }

    /// <summary>Features 0 and 1 determine the class, 2 is noise, 3 is constant: permuting feature 3 changes no score at all.</summary>
    private static void AssertImportance(double[] accuracyLost)
    {
        Assert.InRange(accuracyLost[0], -1, -0.1);
        Assert.InRange(accuracyLost[1], -1, -0.1);
        Assert.InRange(accuracyLost[2], -0.1, 0.05);
        Assert.Equal(0, accuracyLost[3]);
    }

    private EstimatorChain<ITransformer> Beginning(MLContext? mlContext = null) => new EstimatorChain<ITransformer>()
        .Append<ITransformer>((mlContext ?? _mlContext)
            .Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue))
        .Append<ITransformer>((mlContext ?? _mlContext).Transforms.NormalizeMinMax("Features"));

    private EstimatorChain<KeyToValueMappingTransformer> Pipeline() => Beginning()
        .Append(Examples.Trainer(_mlContext, options => options.NumberOfEpochs = 40))
        .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    private sealed class ScalarRow
    {
        public string Label { get; set; } = "";

        public float First { get; set; }

        public float Second { get; set; }

        public float Third { get; set; }

        public float Fourth { get; set; }
    }
}
