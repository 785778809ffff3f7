using Microsoft.ML;

namespace MnistMlNet.Benchmarks.Data;

/// <summary>
/// Models of ML.NET's own trainers. The quality of the training doesn't change the prediction time, so they were trained briefly.
/// </summary>
internal static class ReferenceModels
{
    private const int Rows = 1000;

    public static ITransformer Lbfgs(MLContext mlContext, DenseRows rows)
    {
        var options = new Microsoft.ML.Trainers.LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            MaximumNumberOfIterations = 5,
            NumberOfThreads = 1,
            L1Regularization = 0
        };
        return mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy(options).Fit(rows.Take(Rows).ToDataView(mlContext));
    }

    /// <summary>A hundred rounds of ten trees, its default, of up to 31 leaves.</summary>
    public static ITransformer LightGbm(MLContext mlContext, DenseRows rows) =>
        mlContext.MulticlassClassification.Trainers.LightGbm(numberOfLeaves: 31, minimumExampleCountPerLeaf: 1, numberOfIterations: 100)
            .Fit(rows.Take(Rows).ToDataView(mlContext));

    /// <summary>
    /// Our transformer around a given network: timing a prediction needs no training, but <c>Fit</c> runs at least one epoch.
    /// </summary>
    public static TwoLayerNetworkTransformer TwoLayerNetwork(MLContext mlContext, DenseRows rows, int hidden) =>
        mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(hiddenUnits: hidden, numberOfEpochs: 1)
            .Fit(rows.Take(Rows).ToDataView(mlContext));
}
