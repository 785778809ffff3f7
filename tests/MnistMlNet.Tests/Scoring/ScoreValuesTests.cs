using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Scoring;

public sealed class ScoreValuesTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;
    private readonly TwoLayerNetworkTransformer _transformer;

    public ScoreValuesTests()
    {
        _data = Examples.Keyed(_mlContext, Examples.Rows(60));
        _transformer = Examples.Trainer(_mlContext, options => options.NumberOfEpochs = 60).Fit(_data);
    }

    [Fact]
    public void Scores_are_probabilities_and_the_predicted_label_is_the_key_of_the_largest()
    {
        IDataView scored = _transformer.Transform(_data);
        float[][] scores = Examples.Scores(scored);

        // Three roundings of at most half a unit of 2⁻²⁴ each, and one division.
        Assert.All(scores, score => Assert.Equal(1, score.Sum(p => (double)p), 4e-7));
        Assert.All(scores, score => Assert.All(score, p => Assert.InRange(p, 0, 1)));
        Assert.Equal(scores.Select(score => (uint)score.IndexOf(score.Max()) + 1), Examples.PredictedLabels(scored));
        Assert.Equal(3, Examples.PredictedLabels(scored).Distinct().Count());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_feature_that_is_not_finite_scores_NaN_and_a_missing_label_and_harms_no_other_row(float value)
    {
        Example[] rows = Examples.Rows(5);
        float[][] expected = Examples.Scores(_transformer.Transform(Examples.View(_mlContext, rows)));
        rows[2].Features[1] = value;

        IDataView scored = _transformer.Transform(Examples.View(_mlContext, rows));

        float[][] scores = Examples.Scores(scored);
        uint[] labels = Examples.PredictedLabels(scored);
        Assert.All(scores[2], p => Assert.True(float.IsNaN(p)));
        Assert.Equal(0u, labels[2]);
        foreach (int other in new[] { 0, 1, 3, 4 })
        {
            Assert.Equal(expected[other], scores[other]);
            Assert.NotEqual(0u, labels[other]);
        }
    }

    [Fact]
    public void A_NaN_feature_scores_as_LbfgsMaximumEntropy_scores_it()
    {
        Example[] rows = Examples.Rows(3);
        rows[1].Features[0] = float.NaN;
        IDataView view = Examples.View(_mlContext, rows);
        IDataView theirs = _mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(_data).Transform(view);
        IDataView ours = _transformer.Transform(view);

        Assert.Equal(Examples.Scores(theirs)[1], Examples.Scores(ours)[1]);
        Assert.Equal(Examples.PredictedLabels(theirs)[1], Examples.PredictedLabels(ours)[1]);
    }

    [Fact]
    public void The_score_is_what_the_network_predicts_for_the_row()
    {
        float[] probabilities = new float[3];

        Assert.All(Examples.Rows(60).Zip(Examples.Scores(_transformer.Transform(_data))), row =>
        {
            _transformer.Model.Predict(row.First.Features, probabilities);
            Assert.Equal(probabilities, row.Second);
        });
    }

    [Fact]
    public void Zeros_that_are_not_stored_score_as_zeros_that_are()
    {
        Example[] rows = [.. Examples.Rows(9).Select(row => row.With(features: [0, row.Features[1], 0, row.Features[3]]))];
        IDataView dense = Examples.View(_mlContext, rows);
        IDataView sparse = _mlContext.Transforms.CustomMapping<Example, SparseRow>(
            (input, output) => output.Features = new VBuffer<float>(4, 2, [input.Features[1], input.Features[3]], [1, 3]),
                contractName: null).Fit(dense).Transform(dense);
        Assert.All(sparse.GetColumn<VBuffer<float>>("Features"), features => Assert.False(features.IsDense));

        Assert.Equal(Examples.Scores(_transformer.Transform(dense)), Examples.Scores(_transformer.Transform(sparse)));
    }

    private sealed class SparseRow
    {
        [VectorType(Examples.FeatureCount)]
        public VBuffer<float> Features { get; set; }
    }
}
