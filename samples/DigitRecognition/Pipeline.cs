using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MnistMlNet;

namespace DigitRecognition;

/// <summary>From text label and pixels 0 to 255 to a predicted digit: the part to copy into your own program.</summary>
internal static class Pipeline
{
    // By value, so that class 3 is digit 3 whatever order the file has; zeros stay zeros in NormalizeMinMax, so that rows stay sparse.
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
