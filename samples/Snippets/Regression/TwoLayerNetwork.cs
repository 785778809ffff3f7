using Microsoft.ML;
using Microsoft.ML.Data;

namespace Snippets.Regression;

/// <summary>Trains a two-layer network that predicts a number, with its default options, and evaluates it.</summary>
internal static class TwoLayerNetwork
{
    // The data: 768 simulated buildings, described by their form and their windows. The label is the energy that heating needs.
    public static void Example()
    {
        // The seed makes the result repeatable, the split into training and test rows included.
        var mlContext = new MLContext(seed: 0);
        IDataView buildings = mlContext.Data.LoadFromTextFile<Building>(
            DataFile.Find("energy", "energy.csv"), separatorChar: ',', hasHeader: true);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(buildings, testFraction: 0.3);

        // Neither features nor labels need a normalizer: the trainer centres and scales both itself.
        var model = mlContext.Regression.Trainers.TwoLayerNetwork().Fit(split.TrainSet);

        IDataView scored = model.Transform(split.TestSet);
        foreach (Prediction prediction in mlContext.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: false).Take(4))
        {
            Console.WriteLine($"Heating load: {prediction.Label:F1}, prediction: {prediction.Score:F1}");
        }

        // Expected output:
        //   Heating load: 19.5, prediction: 18.9
        //   Heating load: 16.0, prediction: 17.1
        //   Heating load: 29.9, prediction: 29.0
        //   Heating load: 29.6, prediction: 29.0

        RegressionMetrics metrics = mlContext.Regression.Evaluate(scored);
        Console.WriteLine($"Root mean squared error: {metrics.RootMeanSquaredError:F2}");
        Console.WriteLine($"Mean absolute error: {metrics.MeanAbsoluteError:F2}");
        Console.WriteLine($"R squared: {metrics.RSquared:F2}");

        // Expected output:
        //   Root mean squared error: 0.62
        //   Mean absolute error: 0.43
        //   R squared: 1.00
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

    /// <summary>The columns that are read from the model's output.</summary>
    private sealed class Prediction
    {
        public float Label { get; set; }

        /// <summary>The predicted heating load, in the unit of the label.</summary>
        public float Score { get; set; }
    }
}
