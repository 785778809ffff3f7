using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet;

namespace Snippets.Regression;

/// <summary>Trains two networks with options: they predict a range that holds nine of ten labels.</summary>
internal static class TwoLayerNetworkWithOptions
{
    // The data: 768 simulated buildings, described by their form and their windows. The label is the energy that heating needs.
    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);
        IDataView buildings = mlContext.Data.LoadFromTextFile<Building>(
            DataFile.Find("energy", "energy.csv"), separatorChar: ',', hasHeader: true);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(buildings, testFraction: 0.3);

        // With this loss the network predicts a quantile: a value that is above the label in the given fraction of the rows.
        TwoLayerNetworkRegressionTransformer Train(float quantile) => mlContext.Regression.Trainers.TwoLayerNetwork(
            new TwoLayerNetworkRegressionTrainer.Options
            {
                Loss = RegressionLoss.Quantile,
                Quantile = quantile,
                Optimizer = Optimizer.Adam,
                NumberOfEpochs = 400,
                LearningRate = 0.02f,
                L2Regularization = 0,
                Seed = 0,
            }).Fit(split.TrainSet);

        TwoLayerNetworkRegressionTransformer low = Train(0.05f), high = Train(0.95f);
        Console.WriteLine($"Epochs: {low.History.Epochs.Count}, {low.History.StopDescription}");

        // Expected output:
        //   Epochs: 400, The epoch limit was reached.

        Building[] tests = [.. mlContext.Data.CreateEnumerable<Building>(split.TestSet, reuseRowObject: false)];
        float[] from = [.. low.Transform(split.TestSet).GetColumn<float>("Score")];
        float[] to = [.. high.Transform(split.TestSet).GetColumn<float>("Score")];
        for (int i = 0; i < 3; i++)
        {
            Console.WriteLine($"Heating load: {tests[i].Label:F1}, between {from[i]:F1} and {to[i]:F1}");
        }

        double inRange = Enumerable.Range(0, tests.Length).Average(i => tests[i].Label >= from[i] && tests[i].Label <= to[i] ? 1.0 : 0.0);
        Console.WriteLine($"Fraction of labels in the range: {inRange:F2}");

        // Expected output:
        //   Heating load: 19.5, between 16.8 and 23.5
        //   Heating load: 16.0, between 16.9 and 27.0
        //   Heating load: 29.9, between 17.1 and 34.1
        //   Fraction of labels in the range: 0.85
    }

    /// <summary>A row of the file.</summary>
    private sealed class Building
    {
        [LoadColumn(0, 7)]
        [VectorType(8)]
        public float[] Features { get; set; } = [];

        [LoadColumn(8)]
        public float Label { get; set; }
    }
}
