using Microsoft.ML;

namespace MnistMlNet.Tests;

/// <summary>Location and unit of features are the trainer's business.</summary>
public sealed class StandardizeFeaturesTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3000, 1)]                                                          // altitude, pressure, year
    [InlineData(-1e5f, 1)]
    [InlineData(0, 1e-30f)]
    [InlineData(0, 3e-6f)]
    [InlineData(0, 1e30f)]
    [InlineData(-3e33f, 1e30f)]
    public void Classes_are_learned_at_any_offset_and_in_any_unit(float offset, float unit)
    {
        IDataView data = Keyed(Examples.Rows(150), x => offset + x * unit);

        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, o => o.NumberOfEpochs = 100).Fit(data);

        // Evaluated by the saved parameters, on the features as they come.
        Assert.InRange(_mlContext.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy, 0.9, 1);
        Assert.Equal(model.History.Epochs[^1].TrainAccuracy, Accuracy(model, data), 0.03);
    }

    [Fact]
    public void Offsets_remain_after_normalizers_that_keep_zero_and_are_learned_all_the_same()
    {
        IDataView raw = Keyed(Examples.Rows(150), x => 3000 + x);
        foreach (IEstimator<ITransformer> normalizer in new IEstimator<ITransformer>[]
        {
            _mlContext.Transforms.NormalizeMinMax("Features"), _mlContext.Transforms.NormalizeMeanVariance("Features"),
        })
        {
            IDataView data = normalizer.Fit(raw).Transform(raw);

            Assert.InRange(Accuracy(Examples.Trainer(_mlContext, o => o.NumberOfEpochs = 100).Fit(data), data), 0.9, 1);
        }
    }

    [Fact]
    public void The_log_says_what_is_centred_and_scaled_and_there_is_no_warning()
    {
        var messages = new LogMessages(_mlContext);

        Examples.Trainer(_mlContext).Fit(Keyed(Examples.Rows(30), x => 3000 + 100 * x));

        Assert.Empty(messages.Warnings);
        Assert.Contains(
            messages.Infos, text => text.Contains("4 of 4 features are centred and 3 divided by a scale", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_it_features_are_trained_on_as_they_come()
    {
        IDataView data = Keyed(Examples.Rows(150), x => 3000 + x);

        TwoLayerNetworkTransformer model = Examples.Trainer(
            _mlContext, o => (o.NumberOfEpochs, o.StandardizeFeatures) = (100, false)).Fit(data);

        Assert.InRange(Accuracy(model, data), 0, 0.6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Training_on_from_a_model_begins_with_its_outputs(bool standardize)
    {
        IDataView data = Keyed(Examples.Rows(150), x => 3000 + 40 * x);
        TwoLayerNetworkTransformer first = Examples.Trainer(_mlContext, o => o.NumberOfEpochs = 60).Fit(data);

        TwoLayerNetworkTransformer second = Examples.Trainer(_mlContext, o =>
            (o.NumberOfEpochs, o.LearningRate, o.StandardizeFeatures) = (1, 1e-12f, standardize)).Fit(data, null, first.Model);

        Check.Close(
            [.. Examples.Scores(first.Transform(data)).SelectMany(s => s.Select(p => (double)p))],
            [.. Examples.Scores(second.Transform(data)).SelectMany(s => s)], 2e-3, "scores");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Info_asks_for_normalized_features_only_where_the_trainer_does_not_scale_them(bool standardize) =>
        Assert.Equal(!standardize, Examples.Trainer(_mlContext, o => o.StandardizeFeatures = standardize).Info.NeedNormalization);

    [Fact]
    public void A_constant_of_any_size_does_no_harm()
    {
        Example[] rows = [.. Examples.Rows(150).Select(row => row.With(features: [row.Features[0], row.Features[1], 1e30f, 0.5f]))];
        IDataView data = Examples.Keyed(_mlContext, rows);

        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, o => o.NumberOfEpochs = 100).Fit(data);

        Assert.InRange(Accuracy(model, data), 0.9, 1);
        Assert.All(Enumerable.Range(0, model.Model.HiddenUnits), h => Assert.Equal(0, model.Model.HiddenWeights.Span[h * 4 + 2]));
    }

    private double Accuracy(ITransformer model, IDataView data) =>
        _mlContext.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy;

    private IDataView Keyed(Example[] rows, Func<float, float> change) =>
        Examples.Keyed(_mlContext, rows.Select(row => row.With(features: [.. row.Features.Select(change)])));
}
