using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MnistMlNet.Tests;

/// <summary>The README's example with NumPy, for a test in this process; <see cref="ReadmeTests"/> compares the two.</summary>
internal static class ReadmeExample
{
    public static void ContinueFromNumPy()
    {
        var mlContext = new MLContext(seed: 1);
        var folder = "../MnistMlNet/samples/data/mnist";
        var digits = mlContext.Data.LoadFromIdx($"{folder}/train-images-idx3-ubyte.gz", $"{folder}/train-labels-idx1-ubyte.gz");
        var prepare = mlContext.Transforms.Expression("Features", "pixel => pixel / 255", "Features")
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Label",
                keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue));
        var trainData = prepare.Fit(digits).Transform(digits);
        var begun = TwoLayerNetworkModelParameters.LoadNpz("numpy.npz");
        var trainer = mlContext.MulticlassClassification.Trainers.TwoLayerNetwork();
        var trained = trainer.Fit(trainData, initialModel: begun);
        trained.Model.SaveNpz("mlnet.npz");
    }
}
