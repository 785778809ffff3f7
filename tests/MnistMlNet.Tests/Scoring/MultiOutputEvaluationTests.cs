using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Scoring;

public sealed class MultiOutputEvaluationTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    private static readonly float[][] s_labels = [[1, 20, -3], [2, 22, -1], [4, 21, 0], [7, 25, 2], [11, 24, 1], [16, 29, 5]];

    private static readonly float[][] s_scores =
        [[1.5f, 19, -2], [1.75f, 23, -1.5f], [4.25f, 22.5f, 0.5f], [6, 25, 1.25f], [12, 23, 2], [15, 27.5f, 3]];

    private static readonly float[] s_weights = [1, 2, 0.5f, 1, 3, 0.25f];

    private RegressionCatalog Regression => _mlContext.Regression;

    // scikit-learn 1.2.1, with y, s and w of the rows above:
    // [f(y, s, multioutput='raw_values', sample_weight=w) for f in (mean_squared_error, mean_absolute_error, r2_score)]
    // and f(y, s, sample_weight=w) for the averages; mean_squared_error with squared=False for the first.
    [Fact]
    public void EvaluateMultiOutput_ThreeOutputs_EqualsScikitLearn()
    {
        MultiOutputRegressionMetrics metrics = Regression.EvaluateMultiOutput(View(s_labels, s_scores, s_weights));

        Same([0.5625, 1.25, 1.1770833333333333], metrics.Outputs.Select(output => output.MeanSquaredError));
        Same([0.75, 1.118033988749895, 1.084934713857628], metrics.Outputs.Select(output => output.RootMeanSquaredError));
        Same([0.6666666666666666, 1.0, 0.9583333333333334], metrics.Outputs.Select(output => output.MeanAbsoluteError));
        Same([0.9797702297702298, 0.8598130841121495, 0.8108258928571428], metrics.Outputs.Select(output => output.RSquared));
        Same([0.9843229008691742, 0.9965277777777777, 0.875, 0.8834697355798408], Averages(metrics));
        Assert.Equal(6, metrics.RowCount);
        Assert.Equal(0, metrics.MissingLabelCount);
        Assert.All(metrics.Outputs, output => Assert.Equal(6, output.RowCount));
    }

    [Fact]
    public void EvaluateMultiOutput_WeightedRows_EqualsScikitLearn()
    {
        MultiOutputRegressionMetrics metrics = Regression.EvaluateMultiOutput(
            View(s_labels, s_scores, s_weights), exampleWeightColumnName: "Weight");

        Same([0.6008064516129032, 0.9919354838709677, 0.7983870967741935], metrics.Outputs.Select(output => output.MeanSquaredError));
        Same([0.6935483870967742, 0.9193548387096774, 0.8387096774193549], metrics.Outputs.Select(output => output.MeanAbsoluteError));
        Same([0.9704153002664481, 0.7346185968819599, 0.7427062374245472], metrics.Outputs.Select(output => output.RSquared));
        Same([0.8882005773082527, 0.7970430107526881, 0.8172043010752689, 0.815913378190985], Averages(metrics));
    }

    [Fact]
    public void EvaluateMultiOutput_EachOutput_EqualsMlNetsEvaluateOfThatOutputAlone()
    {
        Random random = new(5);
        float[][] labels = [.. Enumerable.Range(0, 200).Select(_ => Draw(random, 3))];
        float[][] scores = [.. labels.Select(row => row.Zip(Draw(random, 3), (label, noise) => label + (noise / 4)).ToArray())];
        labels[3][0] = labels[7][0] = labels[9][1] = float.NaN;

        MultiOutputRegressionMetrics metrics = Regression.EvaluateMultiOutput(View(labels, scores));

        Assert.Equal(3, metrics.MissingLabelCount);
        Assert.Equal([198, 199, 200], metrics.Outputs.Select(output => output.RowCount));
        for (int k = 0; k < 3; k++)
        {
            RegressionMetrics expected = Regression.Evaluate(Scalars(labels.Select(row => row[k]), scores.Select(row => row[k])));
            RegressionOutputMetrics actual = metrics.Outputs[k];
            Check.Close(expected.RootMeanSquaredError, actual.RootMeanSquaredError, 1e-9, "RMSE");
            Check.Close(expected.MeanAbsoluteError, actual.MeanAbsoluteError, 1e-9, "MAE");

            // ML.NET adds up squared labels, which rounds.
            Check.Close(expected.RSquared, actual.RSquared, 1e-6, "R²");
        }
    }

    [Fact]
    public void EvaluateMultiOutput_ScalarColumns_GivesOneOutputNamedLikeTheLabel()
    {
        MultiOutputRegressionMetrics metrics = Regression.EvaluateMultiOutput(Scalars([1, 2, 3, 6], [2, 2, 3, 5]));

        // Errors 1, 0, 0, -1; mean 3, squares about it 4 + 1 + 0 + 9 = 14.
        RegressionOutputMetrics output = Assert.Single(metrics.Outputs);
        Assert.Equal("Label", output.Name);
        Same([0.5, 0.5, 1 - (2 / 14.0)], [output.MeanSquaredError, output.MeanAbsoluteError, output.RSquared]);
        Same([Math.Sqrt(0.5), 0.5, 0.5, 1 - (2 / 14.0)], Averages(metrics));
    }

    [Fact]
    public void EvaluateMultiOutput_LabelsFarFromZero_DoesNotCancel()
    {
        // Errors 2, 2, 2: Σ = 12. Mean 16000004: Σ of squares about it = 16 + 0 + 16 = 32.
        MultiOutputRegressionMetrics metrics = Regression.EvaluateMultiOutput(
            Scalars([16_000_000, 16_000_004, 16_000_008], [16_000_002, 16_000_006, 16_000_010]));

        Assert.Equal(1 - (12 / 32.0), metrics.Outputs[0].RSquared, 12);
    }

    [Fact]
    public void EvaluateMultiOutput_EqualLabels_HaveNoRSquaredAndAreLeftOutOfItsAverage()
    {
        MultiOutputRegressionMetrics metrics = Regression.EvaluateMultiOutput(
            View([[0.1f, 1, 5], [0.1f, 3, 5], [0.1f, 2, 5]], [[0, 1, 5], [0, 3, 5], [0, 1, 5]]));

        // Outputs 0 and 2 are constant. Output 1: error 1 in one of three rows, squares about the mean 1 + 1 + 0 = 2.
        Assert.Equal([double.NaN, 0.5, double.NaN], metrics.Outputs.Select(output => output.RSquared));
        Assert.Equal(0.5, metrics.AverageRSquared);
        Assert.Equal((1 / 3.0 + 0.1f) / 3, metrics.AverageMeanAbsoluteError, 12);
    }

    [Fact]
    public void EvaluateMultiOutput_MissingLabels_CountInNoMetric()
    {
        // The scores of missing labels aren't read: the one that is NaN does no harm.
        MultiOutputRegressionMetrics metrics = Regression.EvaluateMultiOutput(View(
            [[1, float.NaN, float.NaN], [3, 10, float.NaN], [float.NaN, float.NaN, float.NaN]],
            [[2, float.NaN, 0], [3, 14, 0], [0, 0, 0]]));

        Assert.Equal(2, metrics.RowCount);
        Assert.Equal(6, metrics.MissingLabelCount);
        Assert.Equal([2, 1, 0], metrics.Outputs.Select(output => output.RowCount));
        Assert.Equal([0.5, 4, double.NaN], metrics.Outputs.Select(output => output.MeanAbsoluteError));
        Assert.Equal([0.5, 16, double.NaN], metrics.Outputs.Select(output => output.MeanSquaredError));
        Assert.Equal(2.25, metrics.AverageMeanAbsoluteError);
    }

    [Fact]
    public void EvaluateMultiOutput_WeightZero_LeavesTheRowOut()
    {
        IDataView data = View([[1, 1, 1], [2, 2, float.NaN]], [[2, 1, 1], [float.NaN, 0, 0]], [0.5f, 0]);

        MultiOutputRegressionMetrics metrics = Regression.EvaluateMultiOutput(data, exampleWeightColumnName: "Weight");

        Assert.Equal(1, metrics.RowCount);
        Assert.Equal(0, metrics.MissingLabelCount);
        Assert.Equal([1.0, 0, 0], metrics.Outputs.Select(output => output.MeanAbsoluteError));
    }

    [Fact]
    public void EvaluateMultiOutput_SparseRows_HaveZerosInBetween()
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable((SparseRow[])
        [
            new() { Label = new(3, 1, [2], [1]), Score = new(3, 2, [1, 5], [0, 2]) },
            new() { Label = new(3, 0, [], []), Score = new(3, [0, 0, 0]) },
        ]);

        // Row 0: labels 0, 2, 0 and scores 1, 0, 5; row 1: all 0.
        Assert.Equal([0.5, 1, 2.5], Regression.EvaluateMultiOutput(data).Outputs.Select(output => output.MeanAbsoluteError));
    }

    [Fact]
    public void EvaluateMultiOutput_SlotNames_AreThoseOfTheLabelElseOfTheScoreElseTheIndex()
    {
        IDataView rows = View(s_labels, s_scores);
        IDataView data = _mlContext.Transforms.CopyColumns("width", "Weight").Append(_mlContext.Transforms.CopyColumns("height", "Weight"))
            .Append(_mlContext.Transforms.Concatenate("Named", "width", "height", "Weight")).Fit(rows).Transform(rows);

        // Concatenate names the slots of scalar columns like the columns.
        Assert.Equal(["width", "height", "Weight"], Names("Named", "Score"));
        Assert.Equal(["width", "height", "Weight"], Names("Label", "Named"));
        Assert.Equal(["0", "1", "2"], Names("Label", "Score"));

        string[] Names(string label, string score) =>
            [.. Regression.EvaluateMultiOutput(data, label, score).Outputs.Select(output => output.Name)];
    }

    [Fact]
    public void ToString_OneLineForEachOutputAndTheAverages()
    {
        IDataView data = View([[1, 1, 1000], [3, 1, 3000]], [[1, 1, 1000], [4, 2, 1500]]);

        Assert.Equal(
            """
            output      RMSE     MAE      R²  rows
            0        0.70711     0.5     0.5     2
            1        0.70711     0.5     NaN     2
            2         1060.7     750  -0.125     2
            average   354.02  250.33  0.1875     2
            """.ReplaceLineEndings("\n"),
            Regression.EvaluateMultiOutput(data).ToString());
    }

    private static IEnumerable<double> Averages(MultiOutputRegressionMetrics metrics) =>
    [
        metrics.AverageRootMeanSquaredError, metrics.AverageMeanSquaredError, metrics.AverageMeanAbsoluteError, metrics.AverageRSquared,
    ];

    private static void Same(IEnumerable<double> expected, IEnumerable<double> actual) =>
        Assert.Equal(expected.Select(value => Math.Round(value, 12)), actual.Select(value => Math.Round(value, 12)));

    private static float[] Draw(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 8)];

    private IDataView View(float[][] labels, float[][] scores, float[]? weights = null) => _mlContext.Data.LoadFromEnumerable(
        labels.Select((label, i) => new ScoredRow { Label = label, Score = scores[i], Weight = weights?[i] ?? 1 }).ToArray());

    private IDataView Scalars(IEnumerable<float> labels, IEnumerable<float> scores) => _mlContext.Data.LoadFromEnumerable(
        labels.Zip(scores, (label, score) => new ScalarRow { Label = label, Score = score }).ToArray());

    private sealed class ScoredRow
    {
        [VectorType(3)]
        public float[] Label { get; set; } = [];

        [VectorType(3)]
        public float[] Score { get; set; } = [];

        public float Weight { get; set; } = 1;
    }

    private sealed class ScalarRow
    {
        public float Label { get; set; }

        public float Score { get; set; }
    }

    private sealed class SparseRow
    {
        [VectorType(3)]
        public VBuffer<float> Label { get; set; }

        [VectorType(3)]
        public VBuffer<float> Score { get; set; }
    }
}
