using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet;

namespace Snippets.BinaryClassification;

/// <summary>Trains a two-layer network for two classes with options, so that few positive rows are missed.</summary>
internal static class TwoLayerNetworkWithOptions
{
    // The data: 569 tumours, described by ten measurements of their cells. The label says which of them are malignant.
    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);
        IDataView tumours = mlContext.Data.LoadFromTextFile<Tumour>(
            DataFile.Find("breast-cancer", "breast-cancer.csv"), separatorChar: ',', hasHeader: true);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(tumours, testFraction: 0.3);

        var options = new TwoLayerNetworkBinaryTrainer.Options
        {
            HiddenUnits = 16,
            Activation = Activation.Tanh,
            Optimizer = Optimizer.Adam,
            NumberOfEpochs = 30,

            // A malignant tumour that is missed is worse than a false alarm: each malignant row counts as five.
            PositiveClassWeight = 5,

            // A fifth of the training rows is measured after each epoch, and not trained on.
            ValidationFraction = 0.2f,
            RestoreBestEpoch = true,
            Seed = 0,

            // Called after each epoch, to show the progress or to record values.
            EpochCallback = epoch =>
            {
                if (epoch.Epoch % 10 == 0)
                {
                    Console.WriteLine($"Epoch {epoch.Epoch}: loss {epoch.TrainLoss:F2}, validation loss {epoch.ValidationLoss:F2}");
                }
            },
        };
        var model = mlContext.BinaryClassification.Trainers.TwoLayerNetwork(options).Fit(split.TrainSet);

        // Expected output:
        //   Epoch 10: loss 0.10, validation loss 0.20
        //   Epoch 20: loss 0.09, validation loss 0.19
        //   Epoch 30: loss 0.08, validation loss 0.19

        CalibratedBinaryClassificationMetrics metrics = mlContext.BinaryClassification.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine($"Recall of malignant tumours: {metrics.PositiveRecall:F2}");
        Console.WriteLine($"Precision: {metrics.PositivePrecision:F2}");
        Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());

        // Expected output:
        //   Recall of malignant tumours: 0.92
        //   Precision: 0.82
        //   TEST POSITIVE RATIO:	0.3529 (60.0/(60.0+110.0))
        //   Confusion table
        //             ||======================
        //   PREDICTED || positive | negative | Recall
        //   TRUTH     ||======================
        //    positive ||       55 |        5 | 0.9167
        //    negative ||       12 |       98 | 0.8909
        //             ||======================
        //   Precision ||   0.8209 |   0.9515 |

        // Outside ML.NET, the network is a function of an array: fast, and safe to call from any thread.
        Tumour first = mlContext.Data.CreateEnumerable<Tumour>(split.TestSet, reuseRowObject: false).First();
        Console.WriteLine($"Probability: {model.Model.Predict(first.Features):F2}");

        // Expected output:
        //   Probability: 0.99
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
}
