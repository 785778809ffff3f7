using Microsoft.ML;
using Microsoft.ML.Data;

namespace Snippets.BinaryClassification;

/// <summary>Trains a two-layer network for two classes with its default options, and evaluates it.</summary>
internal static class TwoLayerNetwork
{
    // The data: 569 tumours, described by ten measurements of their cells. The label says which of them are malignant.
    public static void Example()
    {
        // The seed makes the result repeatable, the split into training and test rows included.
        var mlContext = new MLContext(seed: 0);
        IDataView tumours = mlContext.Data.LoadFromTextFile<Tumour>(
            DataFile.Find("breast-cancer", "breast-cancer.csv"), separatorChar: ',', hasHeader: true);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(tumours, testFraction: 0.3);

        // The measurements have very different units. No normalizer is needed: the trainer centres and scales features itself.
        var model = mlContext.BinaryClassification.Trainers.TwoLayerNetwork().Fit(split.TrainSet);

        IDataView scored = model.Transform(split.TestSet);
        foreach (Prediction prediction in mlContext.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: false).Skip(40).Take(4))
        {
            Console.WriteLine($"Malignant: {prediction.Label}, prediction: {prediction.PredictedLabel}, probability: "
                + $"{prediction.Probability:F2}");
        }

        // Expected output:
        //   Malignant: True, prediction: True, probability: 1.00
        //   Malignant: True, prediction: True, probability: 1.00
        //   Malignant: False, prediction: False, probability: 0.05
        //   Malignant: False, prediction: False, probability: 0.00

        CalibratedBinaryClassificationMetrics metrics = mlContext.BinaryClassification.Evaluate(scored);
        Console.WriteLine($"Accuracy: {metrics.Accuracy:F2}");
        Console.WriteLine($"Area under the ROC curve: {metrics.AreaUnderRocCurve:F2}");
        Console.WriteLine($"F1 score: {metrics.F1Score:F2}");
        Console.WriteLine($"Log-loss: {metrics.LogLoss:F2}");

        // Expected output:
        //   Accuracy: 0.94
        //   Area under the ROC curve: 0.98
        //   F1 score: 0.92
        //   Log-loss: 0.22
    }

    /// <summary>A row of the file.</summary>
    private sealed class Tumour
    {
        [LoadColumn(0, 9)]
        [VectorType(10)]
        public float[] Features { get; set; } = [];

        [LoadColumn(10)]
        public bool Label { get; set; }
    }

    /// <summary>The columns that are read from the model's output.</summary>
    private sealed class Prediction
    {
        public bool Label { get; set; }

        public bool PredictedLabel { get; set; }

        /// <summary>The probability that the tumour is malignant.</summary>
        public float Probability { get; set; }
    }
}
