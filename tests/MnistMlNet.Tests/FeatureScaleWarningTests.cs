using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>The bound, 10, is documented with the trainer.</summary>
public sealed class FeatureScaleWarningTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(10.5f)]
    [InlineData(-10.5f)]
    [InlineData(255f)]
    [InlineData(-1e30f)]
    public void A_large_feature_gives_one_warning_that_names_column_and_remedy(float largest)
    {
        var messages = new LogMessages(_mlContext);

        Examples.Trainer(_mlContext).Fit(Data(largest));

        string warning = Assert.Single(messages.Warnings);
        Assert.Contains("'Features'", warning, StringComparison.Ordinal);
        Assert.Contains("NormalizeMinMax", warning, StringComparison.Ordinal);
        Assert.Contains(" 10 ", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10f)]
    [InlineData(-10f)]
    [InlineData(0f)]
    public void Features_within_the_bound_give_none(float largest)
    {
        var messages = new LogMessages(_mlContext);

        Examples.Trainer(_mlContext).Fit(Data(largest));

        Assert.Empty(messages.Warnings);
        Assert.NotEmpty(messages.Infos);
    }

    [Fact]
    public void A_column_that_is_marked_as_normalized_gives_none_whatever_its_values()
    {
        // The normalizer was fitted on small values, so it leaves the large value large, but still marks the column as normalized.
        IDataView normalized = _mlContext.Transforms.NormalizeMeanVariance("Features").Fit(Data(1)).Transform(Data(255));
        Assert.Contains(normalized.GetColumn<float[]>("Features"), features => features.Max() > 100);
        var messages = new LogMessages(_mlContext);

        Examples.Trainer(_mlContext).Fit(normalized);

        Assert.Empty(messages.Warnings);
        Assert.NotEmpty(messages.Infos);
    }

    [Fact]
    public void A_scale_of_255_is_learned_as_well_as_a_scale_of_1()
    {
        Example[] rows = Examples.Rows(120);
        IDataView small = Examples.Keyed(_mlContext, rows);
        IDataView large = Examples.Keyed(_mlContext,
            rows.Select(row => row.With(features: [.. row.Features.Select(feature => feature * 255)])));

        double Accuracy(IDataView data) => _mlContext.MulticlassClassification.Evaluate(
            Examples.Trainer(_mlContext, options => options.NumberOfEpochs = 200).Fit(data).Transform(data)).MicroAccuracy;

        // Scaling a feature by its largest value rounds it, so one or two rows near the decision boundary may change their class.
        Assert.Equal(Accuracy(small), Accuracy(large), 0.03);
        Assert.InRange(Accuracy(large), 0.85, 1);
    }

    private IDataView Data(float largest)
    {
        Example[] rows = Examples.Rows(30);
        rows[17].Features[2] = largest;
        return Examples.Keyed(_mlContext, rows);
    }
}
