using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Scoring;

/// <summary>
/// <c>CrossValidateMultiOutput</c> and <c>CrossValidateMultilabel</c> against ML.NET's own <c>CrossValidate</c> of each output.
/// </summary>
public sealed class CrossValidationTests
{
    private const int Folds = 3;

    private const int RowCount = 60;

    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(null, null)]
    [InlineData(7, null)]
    [InlineData(7, "Group")]
    public void CrossValidateMultiOutput_EachOutput_HasMlNetsMetricsFoldByFold(int? seed, string? samplingKeyColumnName)
    {
        IEstimator<ITransformer> both = Regressor("A").Append(Regressor("B"))
            .Append(_mlContext.Transforms.Concatenate("Score", "ScoreA", "ScoreB"));

        var results = _mlContext.Regression.CrossValidateMultiOutput(Rows(), both, Folds, "Labels", samplingKeyColumnName, seed);

        Assert.Equal([0, 1, 2], results.Select(result => result.Fold));
        string[] labels = ["A", "B"];
        for (int k = 0; k < labels.Length; k++)
        {
            var expected = _mlContext.Regression.CrossValidate(Rows(), Regressor(labels[k]), Folds, labels[k], samplingKeyColumnName, seed);
            Assert.All(results.Zip(expected), fold => Check.Close(
                fold.Second.Metrics.RootMeanSquaredError, fold.First.Metrics.Outputs[k].RootMeanSquaredError, 1e-9, labels[k]));
            Assert.True(expected.Select(fold => fold.Metrics.RootMeanSquaredError).Distinct().Count() == Folds, "The folds are equal.");
        }
    }

    [Fact]
    public void CrossValidateMultilabel_EachLabel_HasMlNetsMetricsFoldByFold()
    {
        IEstimator<ITransformer> both = Classifier("IsLarge").Append(Classifier("IsOdd"))
            .Append(_mlContext.Transforms.Concatenate("Probability", "ProbabilityIsLarge", "ProbabilityIsOdd"))
            .Append(_mlContext.Transforms.Concatenate("PredictedLabel", "PredictedIsLarge", "PredictedIsOdd"));

        var results = _mlContext.MulticlassClassification.CrossValidateMultilabel(Rows(), both, Folds, "Flags", seed: 7);

        Assert.Equal([0, 1, 2], results.Select(result => result.Fold));
        string[] labels = ["IsLarge", "IsOdd"];
        for (int k = 0; k < labels.Length; k++)
        {
            var expected = _mlContext.BinaryClassification.CrossValidate(Rows(), Classifier(labels[k]), Folds, labels[k], seed: 7);
            Assert.All(results.Zip(expected), fold =>
            {
                LabelMetrics actual = fold.First.Metrics.Labels[k];
                Check.Close(fold.Second.Metrics.PositiveRecall, actual.Recall, 1e-9, labels[k]);
                Check.Close(fold.Second.Metrics.PositivePrecision, actual.Precision, 1e-9, labels[k]);
            });
        }
    }

    [Fact]
    public void CrossValidateMultiOutput_Result_HasTheModelAndTheRowsThatTheMetricsAreOf()
    {
        IEstimator<ITransformer> trainer = Regressor("A");

        var results = _mlContext.Regression.CrossValidateMultiOutput(Rows(), trainer, Folds, "A", seed: 7);

        Assert.Equal(RowCount, results.Sum(result => result.Metrics.RowCount));
        Assert.All(results, result =>
        {
            float[] scores = [.. result.ScoredHoldOutSet.GetColumn<float>("Score")];
            Assert.Equal(scores, result.Model.Transform(result.ScoredHoldOutSet).GetColumn<float>("Score"));
            Assert.Equal(
                _mlContext.Regression.Evaluate(result.ScoredHoldOutSet, "A").MeanAbsoluteError,
                result.Metrics.AverageMeanAbsoluteError, 9);
        });
    }

    [Fact]
    public void CrossValidateMultiOutput_LabelMadeInTheChainForTrainingAndTestingOnly_IsEvaluated()
    {
        // Transform of the model leaves such a step out; ML.NET's CrossValidate applies it.
        var expected = _mlContext.Regression.CrossValidate(Rows(), Chain(), Folds, seed: 7);
        var results = _mlContext.Regression.CrossValidateMultiOutput(Rows(), Chain(), Folds, seed: 7);

        Assert.Null(results[0].Model.GetOutputSchema(Rows().Schema).GetColumnOrNull("Label"));
        Assert.All(results.Zip(expected), fold => Check.Close(
            fold.Second.Metrics.RootMeanSquaredError, fold.First.Metrics.AverageRootMeanSquaredError, 1e-9, "RMSE"));

        // A new trainer each time: ML.NET's L-BFGS trainers add to the loss of their earlier trainings.
        IEstimator<ITransformer> Chain() => new EstimatorChain<ITransformer>()
            .Append(_mlContext.Transforms.CopyColumns("Label", "A"), TransformerScope.TrainTest)
            .Append(_mlContext.Regression.Trainers.LbfgsPoissonRegression(OneThread("Label")));
    }

    [Fact]
    public void CrossValidate_WrongArguments_AreRefused()
    {
        IEstimator<ITransformer> trainer = Regressor("A");
        RegressionCatalog regression = _mlContext.Regression;
        MulticlassClassificationCatalog multiclass = _mlContext.MulticlassClassification;

        Assert.Throws<ArgumentNullException>("catalog", () => ((RegressionCatalog)null!).CrossValidateMultiOutput(Rows(), trainer));
        Assert.Throws<ArgumentNullException>("data", () => regression.CrossValidateMultiOutput(null!, trainer));
        Assert.Throws<ArgumentNullException>("estimator", () => multiclass.CrossValidateMultilabel(Rows(), null!));
        Assert.Throws<ArgumentException>("labelColumnName", () => multiclass.CrossValidateMultilabel(Rows(), trainer, labelColumnName: ""));
        Assert.Contains("numberOfFolds is 1; it must be 2 or more.", Assert.Throws<ArgumentOutOfRangeException>(
            () => regression.CrossValidateMultiOutput(Rows(), trainer, numberOfFolds: 1)).Message, StringComparison.Ordinal);
        Assert.Contains("data has no sampling-key column 'Nothing'; its columns are A, B", Assert.Throws<ArgumentException>(
            () => regression.CrossValidateMultiOutput(Rows(), trainer, samplingKeyColumnName: "Nothing")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void CrossValidate_WrongLabelColumn_IsRefusedAfterOneTrainingOnly()
    {
        int fits = 0;
        IEstimator<ITransformer> trainer = Regressor("A").WithOnFitDelegate(_ => fits++);

        Assert.Throws<ArgumentException>(() => _mlContext.Regression.CrossValidateMultiOutput(Rows(), trainer, Folds, "Nothing"));

        Assert.Equal(1, fits);
    }

    private IDataView Rows()
    {
        IDataView rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, RowCount).Select(i => new Row
        {
            A = 1 + (i * 37 % 11),
            B = 2 + (i * 17 % 7),
            Features = [i * 37 % 11 / 11f, i * 17 % 7 / 7f, i * 29 % 13 / 13f],
            IsLarge = i * 37 % 11 + (i % 3) > 6,
            IsOdd = i * 17 % 7 % 2 == 1,
            Group = i % 12,
        }).ToArray());
        return _mlContext.Transforms.Concatenate("Labels", "A", "B")
            .Append(_mlContext.Transforms.Concatenate("Flags", "IsLarge", "IsOdd")).Fit(rows).Transform(rows);
    }

    private IEstimator<ITransformer> Regressor(string label) => _mlContext.Regression.Trainers.LbfgsPoissonRegression(OneThread(label))
        .Append(_mlContext.Transforms.CopyColumns("Score" + label, "Score"));

    private IEstimator<ITransformer> Classifier(string label) => _mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(
        new Microsoft.ML.Trainers.LbfgsLogisticRegressionBinaryTrainer.Options { LabelColumnName = label, NumberOfThreads = 1 })
        .Append(_mlContext.Transforms.CopyColumns("Probability" + label, "Probability"))
        .Append(_mlContext.Transforms.CopyColumns("Predicted" + label, "PredictedLabel"));

    /// <summary>One thread gives the same result each time.</summary>
    private static Microsoft.ML.Trainers.LbfgsPoissonRegressionTrainer.Options OneThread(string label) =>
        new() { LabelColumnName = label, NumberOfThreads = 1 };

    private sealed class Row
    {
        public float A { get; set; }

        public float B { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public bool IsLarge { get; set; }

        public bool IsOdd { get; set; }

        public float Group { get; set; }
    }
}
