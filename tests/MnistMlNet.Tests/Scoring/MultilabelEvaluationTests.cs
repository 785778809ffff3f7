using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Scoring;

public sealed class MultilabelEvaluationTests
{
    private const float Missing = float.NaN;

    private static readonly float[][] s_labels = [[1, 0, 0, 1], [0, 1, 0, 0], [1, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 1]];

    private static readonly float[][] s_probabilities =
    [
        [0.75f, 0.25f, 0.5f, 0.5f], [0.5f, 0.625f, 0.125f, 0.875f], [0.25f, 0.75f, 0.5f, 0.0625f], [0.125f, 0.25f, 0.375f, 0.25f],
        [0.875f, 0.5f, 0.25f, 0.125f], [0.25f, 0.25f, 0.75f, 0.5f],
    ];

    // p > 0.5, and one label with a lower threshold.
    private static readonly float[][] s_predicted =
        [[1, 0, 0, 0], [0, 1, 0, 1], [0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]];

    private readonly MLContext _mlContext = new(seed: 1);

    // scikit-learn 1.2.1, with y, p and t of the rows above and zero_division=0: accuracy_score(y, t), hamming_loss(y, t),
    // f1_score(y, t, average='micro'), f1_score(y, t, average='macro'), label_ranking_average_precision_score(y, p),
    // log_loss(y.ravel(), p.ravel()), precision_recall_fscore_support(y, t).
    [Theory]
    [InlineData("Label")]
    [InlineData("Present")]
    public void EvaluateMultilabel_LabelsOfSingleOrBoolean_EqualsScikitLearn(string labelColumnName)
    {
        MultilabelMetrics metrics = Evaluate(s_labels, s_probabilities, s_predicted, labelColumnName);

        Assert.Equal(0.3333333333333333, metrics.SubsetAccuracy, 12);
        Assert.Equal(0.25, metrics.HammingLoss, 12);
        Assert.Equal(0.6250000000000001, metrics.MicroF1, 12);
        Assert.Equal(0.5, metrics.MacroF1, 12);
        Assert.Equal(0.7731481481481483, metrics.LabelRankingAveragePrecision, 12);
        Assert.Equal(0.6940709902829578, metrics.LogLoss, 12);
        Assert.Equal([1.0, 1, 0, 0.5], metrics.Labels.Select(label => label.Precision));
        Assert.Equal([2 / 3.0, 2 / 3.0, 0, 1 / 3.0], metrics.Labels.Select(label => label.Recall));
        Assert.Equal([0.8, 0.8, 0, 0.4], metrics.Labels.Select(label => label.F1));
        Assert.Equal([3, 3, 0, 3], metrics.Labels.Select(label => label.Support));
        Assert.Equal(6, metrics.RowCount);
        Assert.Equal(0, metrics.MissingEntryCount);
    }

    [Fact]
    public void EvaluateMultilabel_MissingEntries_CountInNoMetric()
    {
        // Row 0 without its missing entry: labels 1, 0, 1, probabilities 0.5, 0.75, 0.25, predicted 1, 1, 0. Row 1: labels 0, 1, both
        // predicted correctly. Row 2 has no known entry.
        MultilabelMetrics metrics = Evaluate(
            [[1, 0, Missing, 1], [0, 1, Missing, Missing], [Missing, Missing, Missing, Missing]],
            [[0.5f, 0.75f, 1, 0.25f], [0.25f, 0.5f, Missing, 0.5f], [0, 0, 0, 0]],
            [[1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 1, 1]]);

        Assert.Equal(2, metrics.RowCount);
        Assert.Equal(7, metrics.MissingEntryCount);
        Assert.Equal(0.5, metrics.SubsetAccuracy);
        Assert.Equal(2 / 5.0, metrics.HammingLoss);
        Assert.Equal(2 * 2 / ((2 * 2) + 2.0), metrics.MicroF1, 12);

        // F1 of label 0: TP 1; of 1: TP 1, FP 1; of 3: FN 1. Label 2 has no known entry and doesn't count.
        Assert.Equal((1 + (2 / 3.0) + 0) / 3, metrics.MacroF1, 12);
        Assert.Equal([1, 2 / 3.0, double.NaN, 0], metrics.Labels.Select(label => label.F1));
        Assert.Equal([2, 2, 0, 1], metrics.Labels.Select(label => label.RowCount));

        // Row 0: 0.5 has rank 2 and is the first relevant one, 0.25 has rank 3 and is the second: (1/2 + 2/3) / 2. Row 1: 1.
        Assert.Equal(((7 / 12.0) + 1) / 2, metrics.LabelRankingAveragePrecision, 12);

        // -ln of 0.5, 0.25, 0.25 in row 0 and of 0.75, 0.5 in row 1: -ln(0.01171875) / 5.
        Assert.Equal(-Math.Log(0.01171875) / 5, metrics.LogLoss, 12);
    }

    [Fact]
    public void EvaluateMultilabel_EquallyProbableLabels_ShareTheLargestRank()
    {
        // All four have rank 4; of the two relevant ones, 2 of 4 are relevant.
        MultilabelMetrics metrics = Evaluate([[1, 0, 1, 0]], [[0.5f, 0.5f, 0.5f, 0.5f]], [[0, 0, 0, 0]]);

        Assert.Equal(0.5, metrics.LabelRankingAveragePrecision);
    }

    [Fact]
    public void EvaluateMultilabel_CertainAndWrong_CostsABoundedLogLoss()
    {
        MultilabelMetrics metrics = Evaluate([[0, 1, 0, 1]], [[1, 0, 0, 1]], [[1, 0, 0, 1]]);

        Assert.Equal(-Math.Log(1e-15) / 2, metrics.LogLoss, 9);
    }

    [Fact]
    public void EvaluateMultilabel_SparseLabels_AreAbsentInBetween()
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable((SparseRow[])
        [
            new()
            {
                Label = new(4, 1, [true], [3]),
                Probability = new(4, 1, [0.5f], [3]),
                PredictedLabel = new(4, 2, [true, true], [0, 3]),
            },
        ]);

        MultilabelMetrics metrics = _mlContext.MulticlassClassification.EvaluateMultilabel(data);

        Assert.Equal([0, 0, 0, 1], metrics.Labels.Select(label => label.Support));
        Assert.Equal(0.25, metrics.HammingLoss);
        Assert.Equal(Math.Log(2) / 4, metrics.LogLoss, 9);
    }

    [Fact]
    public void ToString_OneLineForEachLabelAndTheMetricsOfAll() => Assert.Equal(
        """
        label  precision   recall   F1  support
        0              1  0.66667  0.8        3
        1              1  0.66667  0.8        3
        2              0        0    0        0
        3            0.5  0.33333  0.4        3

        all labels
        micro F1                           0.625
        macro F1                             0.5
        subset accuracy                  0.33333
        Hamming loss                        0.25
        label-ranking average precision  0.77315
        log-loss                         0.69407
        rows                                   6
        """.ReplaceLineEndings("\n"),
        Evaluate(s_labels, s_probabilities, s_predicted).ToString());

    private MultilabelMetrics Evaluate(float[][] labels, float[][] probabilities, float[][] predicted, string labelColumnName = "Label") =>
        _mlContext.MulticlassClassification.EvaluateMultilabel(
            _mlContext.Data.LoadFromEnumerable(labels.Select((label, i) => new Row
            {
                Label = label,
                Present = [.. label.Select(entry => entry == 1)],
                Probability = probabilities[i],
                PredictedLabel = [.. predicted[i].Select(entry => entry == 1)],
            }).ToArray()),
            labelColumnName);

    private sealed class Row
    {
        [VectorType(4)]
        public float[] Label { get; set; } = [];

        [VectorType(4)]
        public bool[] Present { get; set; } = [];

        [VectorType(4)]
        public float[] Probability { get; set; } = [];

        [VectorType(4)]
        public bool[] PredictedLabel { get; set; } = [];
    }

    private sealed class SparseRow
    {
        [VectorType(4)]
        public VBuffer<bool> Label { get; set; }

        [VectorType(4)]
        public VBuffer<float> Probability { get; set; }

        [VectorType(4)]
        public VBuffer<bool> PredictedLabel { get; set; }
    }
}
