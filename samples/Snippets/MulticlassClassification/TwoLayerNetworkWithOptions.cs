using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet;

namespace Snippets.MulticlassClassification;

/// <summary>Trains a two-layer network with options, watches it, and saves it.</summary>
internal static class TwoLayerNetworkWithOptions
{
    private const int Side = 8;

    // Images of 8 x 8 pixels with a bar: lying, standing or falling, each at any position and with noise.
    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);
        IDataView trainingData = mlContext.Data.LoadFromEnumerable(GeneratePictures(count: 1500, seed: 0));
        IDataView validationData = mlContext.Data.LoadFromEnumerable(GeneratePictures(count: 300, seed: 1));
        IDataView testData = mlContext.Data.LoadFromEnumerable(GeneratePictures(count: 300, seed: 2));

        var options = new TwoLayerNetworkTrainer.Options
        {
            HiddenUnits = 24,
            Activation = Activation.Tanh,
            NumberOfEpochs = 6,
            BatchSize = 16,
            LearningRate = 0.01f,
            LearningRateSchedule = LearningRateSchedule.Constant,
            L2Regularization = 0.1f,

            // The same seed gives the same network, on any number of threads.
            Seed = 0,

            // Called after each epoch, to show the progress or to record values.
            EpochCallback = epoch => Console.WriteLine($"Epoch {epoch.Epoch}: loss {epoch.TrainLoss:F2}, validation loss "
                + $"{epoch.ValidationLoss:F2}"),
        };

        // The class names become keys; here they are ordered by their first row, as the order doesn't matter.
        var toKeys = mlContext.Transforms.Conversion.MapValueToKey(nameof(Picture.Label)).Fit(trainingData);

        // Validation rows are measured after each epoch, and not trained on. They go through the same transforms.
        TwoLayerNetworkTransformer network = mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options)
            .Fit(toKeys.Transform(trainingData), toKeys.Transform(validationData));

        // Expected output:
        //   Epoch 1: loss 1.13, validation loss 1.02
        //   Epoch 2: loss 0.87, validation loss 0.81
        //   Epoch 3: loss 0.59, validation loss 0.60
        //   Epoch 4: loss 0.38, validation loss 0.51
        //   Epoch 5: loss 0.28, validation loss 0.44
        //   Epoch 6: loss 0.21, validation loss 0.44

        Console.WriteLine($"Stopped because: {network.History.StopDescription}");
        Console.WriteLine($"Network: {network.Model.InputCount} inputs, {network.Model.HiddenUnits} hidden units, "
            + $"{network.Model.ClassCount} classes");
        MulticlassClassificationMetrics metrics =
            mlContext.MulticlassClassification.Evaluate(network.Transform(toKeys.Transform(testData)));
        Console.WriteLine($"Micro accuracy: {metrics.MicroAccuracy:F2}");

        // Expected output:
        //   Stopped because: The epoch limit was reached.
        //   Network: 64 inputs, 24 hidden units, 3 classes
        //   Micro accuracy: 0.86

        // Outside ML.NET, the network is a function of an array: fast, and safe to call from any thread.
        Picture standing = GeneratePictures(count: 100, seed: 3).First(picture => picture.Label == "standing");
        float[] probabilities = new float[network.Model.ClassCount];
        network.Model.Predict(standing.Features, probabilities);
        int best = Array.IndexOf(probabilities, probabilities.Max());
        Console.WriteLine($"A standing bar is {network.Model.ClassNames[best]}");

        // Expected output:
        //   A standing bar is standing
    }

    private static IEnumerable<Picture> GeneratePictures(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            (string label, Func<int, int, int> offset) = random.Next(3) switch
            {
                0 => ("lying", (Func<int, int, int>)((x, y) => y)),
                1 => ("standing", (x, y) => x),
                _ => ("falling", (x, y) => (x + Side - y) % Side),
            };
            int place = random.Next(Side);
            float[] pixels = new float[Side * Side];
            for (int j = 0; j < pixels.Length; j++)
            {
                float ink = offset(j % Side, j / Side) == place ? 1 : 0;
                pixels[j] = ink + (1.6f * (random.NextSingle() - 0.5f));
            }

            yield return new Picture { Label = label, Features = pixels };
        }
    }

    private sealed class Picture
    {
        public string Label { get; set; } = "";

        [VectorType(Side * Side)]
        public float[] Features { get; set; } = [];
    }
}
