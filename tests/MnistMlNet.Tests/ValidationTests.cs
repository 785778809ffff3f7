using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MnistMlNet.Data;

namespace MnistMlNet.Tests;

/// <summary>The sources of validation rows: held back, given to the trainer, or given to Fit.</summary>
public sealed class ValidationTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly Example[] _rows = Examples.Rows(90);

    [Fact]
    public void Rows_held_back_are_measured_as_the_model_scores_them_and_the_others_alone_are_trained_on()
    {
        IDataView data = Examples.Keyed(_mlContext, _rows);
        ValidationSplit split = ValidationSplit.Stratified([.. _rows.Select(row => row.Label[0] - 'a')], 3, 0.2f, seed: 1);
        Assert.Equal((72, 18), (split.Training.Length, split.Validation.Length));
        void Plain(TwoLayerNetworkTrainer.Options options) => (options.Shuffle, options.BatchSize) = (false, 10);

        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options =>
        {
            Plain(options);
            options.ValidationFraction = 0.2f;
        }).Fit(data);
        TwoLayerNetworkTransformer expected = Examples.Trainer(_mlContext, Plain)
            .Fit(Examples.Keyed(_mlContext, split.Training.Select(r => _rows[r])));

        Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(model.Model));
        Assert.Equal(72, model.History.RowsTrained);
        MulticlassClassificationMetrics metrics = _mlContext.MulticlassClassification.Evaluate(
            model.Transform(Examples.Keyed(_mlContext, split.Validation.Select(r => _rows[r]))));
        Assert.Equal(metrics.LogLoss, model.History.Epochs[^1].ValidationLoss!.Value, 1e-6);
        Assert.Equal(metrics.MicroAccuracy, model.History.Epochs[^1].ValidationAccuracy!.Value, 1e-12);
    }

    [Fact]
    public void A_validation_set_works_within_a_chain_and_measures_as_validation_data_given_to_Fit_does()
    {
        IEstimator<ITransformer> before = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.Transforms.NormalizeMinMax("Features"));
        IDataView raw = Examples.View(_mlContext, _rows), rawHeld = Examples.View(_mlContext, Examples.Rows(45, seed: 2));
        ITransformer steps = before.Fit(raw);
        TwoLayerNetworkTransformer expected = Examples.Trainer(_mlContext).Fit(steps.Transform(raw), steps.Transform(rawHeld));

        TransformerChain<TwoLayerNetworkTransformer> chain =
            before.Append(Examples.Trainer(_mlContext, options => options.ValidationSet = steps.Transform(rawHeld))).Fit(raw);

        Assert.Equal(
            expected.History.Epochs.Select(epoch => (epoch.ValidationLoss, epoch.ValidationAccuracy)),
            chain.LastTransformer.History.Epochs.Select(epoch => (epoch.ValidationLoss, epoch.ValidationAccuracy)));
        Assert.All(expected.History.Epochs, epoch => Assert.NotNull(epoch.ValidationLoss));
    }

    [Theory]
    [InlineData("cba")]
    [InlineData("bac")]
    [InlineData("ba")]
    public void Class_keys_are_matched_by_name_where_their_order_or_number_differs(string order)
    {
        Example[] held = [.. Examples.Rows(45, seed: 2).Where(row => order.Contains(row.Label, StringComparison.Ordinal))];
        IDataView data = Examples.Keyed(_mlContext, _rows), other = InOrder(_mlContext, order, held);
        double? expected = Examples.Trainer(_mlContext).Fit(data, Examples.Keyed(_mlContext, held)).History.Epochs[^1].ValidationLoss;

        Assert.Equal(expected, Examples.Trainer(_mlContext).Fit(data, other).History.Epochs[^1].ValidationLoss);
        Assert.Equal(
            expected, Examples.Trainer(_mlContext, options => options.ValidationSet = other).Fit(data).History.Epochs[^1].ValidationLoss);
    }

    [Fact]
    public void A_class_that_the_training_data_does_not_have_is_refused_by_name()
    {
        IDataView held = InOrder(_mlContext, "abx",
            [.. Examples.Rows(9).Select(row => row.With(label: row.Label == "c" ? "x" : row.Label))]);

        ArgumentException e = Assert.Throws<ArgumentException>(
            () => Examples.Trainer(_mlContext, options => options.ValidationSet = held).Fit(Examples.Keyed(_mlContext, _rows)));

        Assert.StartsWith("ValidationSet has the class 'x', which the training data doesn't have. It has a, b, c.", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Two_sources_of_validation_rows_are_refused()
    {
        IDataView data = Examples.Keyed(_mlContext, _rows);
        TwoLayerNetworkTrainer Trainer(bool set) => Examples.Trainer(_mlContext, options =>
            (options.ValidationSet, options.ValidationFraction) = set ? (data, 0f) : (null, 0.2f));

        Assert.StartsWith(
            "validationData is given and ValidationSet is set; expected only one of them.",
            Assert.Throws<ArgumentException>("validationData", () => Trainer(set: true).Fit(data, data)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "validationData is given and ValidationFraction is set; expected only one of them.",
            Assert.Throws<ArgumentException>("validationData", () => Trainer(set: false).Fit(data, data)).Message,
                StringComparison.Ordinal);
        Assert.StartsWith(
            "ValidationFraction is 0.2; it must be 0 where ValidationSet is given.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Examples.Trainer(
                _mlContext, options => (options.ValidationSet, options.ValidationFraction) = (data, 0.2f))).Message,
                    StringComparison.Ordinal);
        Assert.StartsWith(
            "ValidationFraction is 0.2; it must be 0 where CacheRows is false; give ValidationSet instead.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Examples.Trainer(
                _mlContext, options => (options.CacheRows, options.ValidationFraction) = (false, 0.2f))).Message, StringComparison.Ordinal);
    }

    /// <summary>A view whose label has the letters of <paramref name="order"/> as its key values.</summary>
    internal static IDataView InOrder(MLContext mlContext, string order, params Example[] rows)
    {
        Example[] first = [
            .. order.Select(letter => new Example { Label = letter.ToString(), Features = new float[Examples.FeatureCount] })];
        return mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence)
            .Fit(Examples.View(mlContext, first)).Transform(Examples.View(mlContext, rows));
    }
}
