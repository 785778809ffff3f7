using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet;

namespace Snippets.Multilabel;

/// <summary>Trains a two-layer network for several labels with options, and chooses a threshold for each label.</summary>
internal static class TwoLayerNetworkMultilabelWithOptions
{
    // The data: 101 animals. From seven facts, such as the number of legs, the network predicts nine others, such as feathers and fins.
    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);

        // With the file as a sample, the loader reads the names of the columns from its first line. The labels are named after them.
        var file = new MultiFileSource(DataFile.Find("zoo", "zoo.csv"));
        IDataView animals = mlContext.Data.CreateTextLoader<Animal>(separatorChar: ',', hasHeader: true, dataSample: file).Load(file);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(animals, testFraction: 0.3);

        var options = new TwoLayerNetworkMultilabelTrainer.Options
        {
            HiddenUnits = 16,
            Activation = Activation.Tanh,
            Optimizer = Optimizer.Adam,
            NumberOfEpochs = 60,

            // Rare labels, such as "venomous", seldom reach a probability of 0.5. With this option, each label has the threshold with the
            // highest F1 score on the validation rows.
            ValidationFraction = 0.3f,
            ChooseThresholds = true,
            Seed = 0,
        };
        TwoLayerNetworkMultilabelTransformer model =
            mlContext.MulticlassClassification.Trainers.TwoLayerNetworkMultilabel(options).Fit(split.TrainSet);
        Console.WriteLine($"Network: {model.Model.InputCount} inputs, {model.Model.HiddenUnits} hidden units, "
            + $"{model.Model.OutputCount} labels");

        // Expected output:
        //   Network: 7 inputs, 16 hidden units, 9 labels

        MultilabelMetrics metrics = mlContext.MulticlassClassification.EvaluateMultilabel(model.Transform(split.TestSet));
        Console.WriteLine($"Macro F1: {metrics.MacroF1:F2}");
        foreach (LabelMetrics label in metrics.Labels.Take(4))
        {
            Console.WriteLine($"Precision of {label.Name}: {label.Precision:F2}, recall: {label.Recall:F2}");
        }

        // Expected output:
        //   Macro F1: 0.80
        //   Precision of hair: 0.70, recall: 0.93
        //   Precision of feathers: 1.00, recall: 0.75
        //   Precision of eggs: 0.83, recall: 0.79
        //   Precision of milk: 0.69, recall: 0.85

        // Outside ML.NET, the network is a function of an array. The features are those of a bird that lives in the water.
        float[] probabilities = new float[model.Model.OutputCount];
        model.Model.Predict([1, 1, 0, 2, 1, 0, 0], probabilities);
        Console.WriteLine($"Most probable: {model.Model.LabelNames[Array.IndexOf(probabilities, probabilities.Max())]}");

        // Expected output:
        //   Most probable: backbone
    }

    /// <summary>A row of the file.</summary>
    private sealed class Animal
    {
        [LoadColumn(1, 7)]
        [VectorType(7)]
        public float[] Features { get; set; } = [];

        [LoadColumn(8, 16)]
        [VectorType(9)]
        public bool[] Label { get; set; } = [];
    }
}
