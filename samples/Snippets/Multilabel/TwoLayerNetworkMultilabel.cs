using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet;

namespace Snippets.Multilabel;

/// <summary>Trains a two-layer network for several labels with its default options, and evaluates it.</summary>
internal static class TwoLayerNetworkMultilabel
{
    // The data: 101 animals. From seven facts, such as the number of legs, the network predicts nine others, such as feathers and fins.
    public static void Example()
    {
        // The seed makes the result repeatable, the split into training and test rows included.
        var mlContext = new MLContext(seed: 0);

        // With the file as a sample, the loader reads the names of the columns from its first line. The labels are named after them.
        var file = new MultiFileSource(DataFile.Find("zoo", "zoo.csv"));
        IDataView animals = mlContext.Data.CreateTextLoader<Animal>(separatorChar: ',', hasHeader: true, dataSample: file).Load(file);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(animals, testFraction: 0.3);

        // Any number of labels can apply to a row.
        var model = mlContext.MulticlassClassification.Trainers.TwoLayerNetworkMultilabel().Fit(split.TrainSet);

        IDataView scored = model.Transform(split.TestSet);
        foreach (Prediction prediction in mlContext.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: false).Take(3))
        {
            IEnumerable<string> labels = model.Model.LabelNames.Where((_, i) => prediction.PredictedLabel[i]);
            Console.WriteLine($"{prediction.Name}: {string.Join(", ", labels)}");
        }

        // Expected output:
        //   catfish: eggs, toothed, backbone, fins
        //   crayfish: eggs
        //   deer: hair, milk, toothed, backbone, breathes

        MultilabelMetrics metrics = mlContext.MulticlassClassification.EvaluateMultilabel(scored);
        Console.WriteLine($"Hamming loss: {metrics.HammingLoss:F2}");
        Console.WriteLine($"Micro F1: {metrics.MicroF1:F2}");
        Console.WriteLine($"Subset accuracy: {metrics.SubsetAccuracy:F2}");
        Console.WriteLine($"Label-ranking average precision: {metrics.LabelRankingAveragePrecision:F2}");

        // Expected output:
        //   Hamming loss: 0.12
        //   Micro F1: 0.86
        //   Subset accuracy: 0.67
        //   Label-ranking average precision: 0.94
    }

    /// <summary>A row of the file.</summary>
    private sealed class Animal
    {
        [LoadColumn(0)]
        public string Name { get; set; } = "";

        [LoadColumn(1, 7)]
        [VectorType(7)]
        public float[] Features { get; set; } = [];

        [LoadColumn(8, 16)]
        [VectorType(9)]
        public bool[] Label { get; set; } = [];
    }

    /// <summary>The columns that are read from the model's output.</summary>
    private sealed class Prediction
    {
        public string Name { get; set; } = "";

        public bool[] PredictedLabel { get; set; } = [];
    }
}
