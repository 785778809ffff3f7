using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Snippets.MulticlassClassification;

/// <summary>Trains a two-layer network with its default options, and uses it.</summary>
internal static class TwoLayerNetwork
{
    private const int ClassCount = 4;

    // The data: points of a plane in four rings around the centre. Each ring is a class. The rings overlap a little, and no straight line
    // separates them.
    public static void Example()
    {
        // The seed makes the result repeatable.
        var mlContext = new MLContext(seed: 0);

        // Any list of objects can be trained on; so can files (LoadFromTextFile, LoadFromIdx) and databases.
        IDataView trainingData = mlContext.Data.LoadFromEnumerable(GenerateRings(count: 1000, seed: 0));

        var pipeline =
            // The trainer expects the label as a key. Keys are ordered by value, so that the class order doesn't depend on the row order.
            mlContext.Transforms.Conversion.MapValueToKey(nameof(DataPoint.Label),
                keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            // The trainer itself: one hidden layer of 32 units; epochs, batch size and learning rate follow from the data.
            .Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork())
            // Converts keys back to the labels' own values.
            .Append(mlContext.Transforms.Conversion.MapKeyToValue(nameof(Prediction.PredictedLabel)));

        var model = pipeline.Fit(trainingData);

        // Other points of the same kind, to measure generalization and not memorization.
        IDataView testData = mlContext.Data.LoadFromEnumerable(GenerateRings(count: 500, seed: 3));
        IDataView scored = model.Transform(testData);

        foreach (Prediction prediction in mlContext.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: false).Take(4))
        {
            Console.WriteLine($"Label: {prediction.OriginalLabel}, prediction: {prediction.PredictedLabel}, probability: "
                + $"{prediction.Score!.Max():F2}");
        }

        // Expected output:
        //   Label: 1, prediction: 1, probability: 1.00
        //   Label: 0, prediction: 0, probability: 1.00
        //   Label: 1, prediction: 1, probability: 0.70
        //   Label: 1, prediction: 1, probability: 1.00

        MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(scored);
        Console.WriteLine($"Micro accuracy: {metrics.MicroAccuracy:F2}");
        Console.WriteLine($"Macro accuracy: {metrics.MacroAccuracy:F2}");
        Console.WriteLine($"Log-loss: {metrics.LogLoss:F2}");
        Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());

        // Expected output:
        //   Micro accuracy: 0.92
        //   Macro accuracy: 0.92
        //   Log-loss: 0.15
        //
        //   Confusion table
        //             ||================================
        //   PREDICTED ||     0 |     1 |     2 |     3 | Recall
        //   TRUTH     ||================================
        //           0 ||   112 |     7 |     0 |     0 | 0.9412
        //           1 ||     8 |   112 |     9 |     0 | 0.8682
        //           2 ||     0 |     3 |   127 |     4 | 0.9478
        //           3 ||     0 |     0 |     9 |   109 | 0.9237
        //             ||================================
        //   Precision ||0.9333 |0.9180 |0.8759 |0.9646 |
    }

    private static IEnumerable<DataPoint> GenerateRings(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            uint ring = (uint)random.Next(ClassCount);
            double radius = ring + (1.1 * random.NextDouble());
            double angle = 2 * Math.PI * random.NextDouble();
            yield return new DataPoint
            {
                Label = ring,
                OriginalLabel = ring,
                Features = [(float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle))],
            };
        }
    }

    /// <summary>A row of the data: the features, and the label to predict.</summary>
    private sealed class DataPoint
    {
        public uint Label { get; set; }

        public uint OriginalLabel { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    /// <summary>The columns that are read from the model's output.</summary>
    private sealed class Prediction
    {
        public uint OriginalLabel { get; set; }

        public uint PredictedLabel { get; set; }

        /// <summary>A probability for each class.</summary>
        public float[]? Score { get; set; }
    }
}
