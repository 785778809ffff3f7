using Microsoft.ML;
using MnistMlNet.Benchmarks.Data;

namespace MnistMlNet.Benchmarks.Peers;

/// <summary>Our side of a training comparison, through the public API.</summary>
/// <param name="mlContext">The context.</param>
/// <param name="data">Cached rows.</param>
/// <param name="initial">The initial parameters.</param>
internal sealed class OurTraining(MLContext mlContext, IDataView data, TwoLayerNetworkModelParameters initial)
{
    public const float LearningRate = 1e-3f;

    /// <summary>Trains with the peer's settings: Adam without decay at a constant rate.</summary>
    public TwoLayerNetworkTransformer Fit(int batchSize, int threads, int epochs, bool shuffle, Action<TrainingEpoch>? callback = null,
        IAugmentation? augmentation = null)
    {
        var options = new TwoLayerNetworkTrainer.Options
        {
            HiddenUnits = initial.HiddenUnits,
            BatchSize = batchSize,
            NumberOfThreads = threads,
            NumberOfEpochs = epochs,
            LearningRate = LearningRate,
            LearningRateSchedule = LearningRateSchedule.Constant,
            L2Regularization = 0,
            InputDropout = 0,
            StandardizeFeatures = false,
            Shuffle = shuffle,
            Seed = 1,
            EpochCallback = callback,
            Augmentation = augmentation,
        };
        return mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options).Fit(data, null, initial);
    }

    /// <summary>
    /// Seconds per epoch, without the first one, which warms caches and touches new memory. Reading the rows isn't included.
    /// </summary>
    public double SecondsPerEpoch(int batchSize, int threads, int epochs, IAugmentation? augmentation = null) =>
        SecondsPerEpoch(Fit(batchSize, threads, epochs + 1, shuffle: true, augmentation: augmentation).History);

    public static double SecondsPerEpoch(TrainingHistory history)
    {
        IReadOnlyList<TrainingEpoch> all = history.Epochs;
        return (all[^1].Elapsed - all[0].Elapsed).TotalSeconds / (all.Count - 1);
    }

    /// <summary>The mean loss of all rows, from the public prediction API.</summary>
    public static double Loss(TwoLayerNetworkModelParameters network, DenseRows rows)
    {
        float[] probabilities = new float[rows.RowCount * network.ClassCount];
        network.PredictBatch(rows.Features, probabilities);
        double sum = 0;
        for (int row = 0; row < rows.RowCount; row++)
        {
            sum -= Math.Log(probabilities[row * network.ClassCount + rows.Labels[row]]);
        }

        return sum / rows.RowCount;
    }
}
