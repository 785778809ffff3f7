using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>Features far too large in a column that is marked as normalized: training must not fail silently.</summary>
public sealed class LargeFeaturesTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(1e38f, null, true)]
    [InlineData(1e38f, null, false)]
    [InlineData(1e38f, 0.01f, true)]
    [InlineData(3e18f, 0.01f, true)]
    public void A_row_whose_gradients_have_no_square_is_refused_by_its_place(float feature, float? learningRate, bool cacheRows)
    {
        Example[] rows = Examples.Rows(30);
        rows[7] = rows[7].With(features: [feature, -feature, feature, -feature]);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => Examples.Trainer(_mlContext, options => (options.LearningRate, options.CacheRows) = (learningRate, cacheRows))
                .Fit(Marked(rows)));

        Assert.StartsWith("Row 7 of column 'Features' has features whose magnitudes add up to ", error.Message, StringComparison.Ordinal);
        Assert.Contains(feature == 1e38f ? "more than 3.4028235E+38" : "1.2E+19", error.Message, StringComparison.Ordinal);
        Assert.Contains("at most 1E+18", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Optimizer.Adam)]
    [InlineData(Optimizer.RmsProp)]
    public void A_learning_rate_too_small_to_change_weights_is_not_chosen_silently(Optimizer optimizer)
    {
        Example[] rows = [.. Examples.Rows(30).Select(row => row.With(features: [.. row.Features.Select(value => value * 1e12f)]))];

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => Examples.Trainer(_mlContext, options => options.Optimizer = optimizer).Fit(Marked(rows)));

        Assert.StartsWith(
            "The features of column 'Features' are so large that the learning rate chosen for them is ", error.Message,
            StringComparison.Ordinal);
        Assert.EndsWith("or give Options.LearningRate.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_features_without_the_mark_are_scaled_and_learned()
    {
        Example[] rows = [.. Examples.Rows(150).Select(row => row.With(features: [.. row.Features.Select(value => value * 1e12f)]))];
        IDataView data = Examples.Keyed(_mlContext, rows);

        TwoLayerNetworkTransformer model = Examples.Trainer(
            _mlContext, options => (options.NumberOfEpochs, options.LearningRate) = (50, 0.01f)).Fit(data);

        Assert.InRange(_mlContext.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy, 0.85, 1);
    }

    private IDataView Marked(Example[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(Example));
        schema["Features"].AddAnnotation("IsNormalized", true, BooleanDataViewType.Instance);
        return _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(Examples.View(_mlContext, Examples.Rows(3)))
            .Transform(_mlContext.Data.LoadFromEnumerable(rows, schema));
    }
}
