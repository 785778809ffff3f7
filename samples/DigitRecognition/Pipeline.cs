using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MnistMlNet;

namespace DigitRecognition;

/// <summary>The pipeline from a text label and pixels 0 to 255 to a predicted digit: the part to copy into your own program.</summary>
internal static class Pipeline
{
    // Keys are ordered by value, so that class 3 is digit 3 whatever the order of the file; NormalizeMinMax keeps zeros, so that rows stay
    // sparse.
    public static IEstimator<TransformerChain<KeyToValueMappingTransformer>> Create(MLContext mlContext,
        TwoLayerNetworkTrainer.Options options) =>
        mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.Transforms.NormalizeMinMax("Features"))
            .Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    public static TwoLayerNetworkTrainer.Options Options(TrainSettings settings, Action<TrainingEpoch>? epochCallback,
        CancellationToken cancellationToken) => new()
        {
            HiddenUnits = settings.HiddenUnits,
            NumberOfEpochs = settings.Epochs,
            Seed = settings.Seed,
            EpochCallback = epochCallback,
            CancellationToken = cancellationToken,
        };
}
