using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet;

namespace Snippets.Regression;

/// <summary>Trains one two-layer network that predicts two numbers, and evaluates each of them.</summary>
internal static class TwoLayerNetworkMultiOutput
{
    // The data: 768 simulated buildings, described by their form and their windows. The label has two numbers: the energy that heating
    // needs, and the energy that cooling needs.
    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);

        // With the file as a sample, the loader reads the names of the columns from its first line. The outputs are named after them.
        var file = new MultiFileSource(DataFile.Find("energy", "energy.csv"));
        IDataView buildings = mlContext.Data.CreateTextLoader<Building>(separatorChar: ',', hasHeader: true, dataSample: file).Load(file);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(buildings, testFraction: 0.3);

        // The same trainer as for one number. Both outputs share the hidden units.
        var model = mlContext.Regression.Trainers.TwoLayerNetwork().Fit(split.TrainSet);

        Console.WriteLine($"Outputs: {string.Join(", ", model.Model.OutputNames)}");

        IDataView scored = model.Transform(split.TestSet);
        foreach (Prediction prediction in mlContext.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: false).Take(3))
        {
            Console.WriteLine($"Loads: {prediction.Label[0]:F1} and {prediction.Label[1]:F1}, prediction: {prediction.Score[0]:F1} and "
                + $"{prediction.Score[1]:F1}");
        }

        // Expected output:
        //   Outputs: heating load, cooling load
        //   Loads: 19.5 and 27.3, prediction: 19.1 and 24.5
        //   Loads: 16.0 and 24.9, prediction: 17.2 and 26.4
        //   Loads: 29.9 and 31.3, prediction: 29.2 and 32.6

        MultiOutputRegressionMetrics metrics = mlContext.Regression.EvaluateMultiOutput(scored);
        foreach (RegressionOutputMetrics output in metrics.Outputs)
        {
            Console.WriteLine($"Error of the {output.Name}: {output.RootMeanSquaredError:F2}, R squared: {output.RSquared:F2}");
        }

        Console.WriteLine($"Average R squared: {metrics.AverageRSquared:F2}");

        // Expected output:
        //   Error of the heating load: 0.72, R squared: 1.00
        //   Error of the cooling load: 1.49, R squared: 0.98
        //   Average R squared: 0.99
    }

    /// <summary>A row of the file.</summary>
    private sealed class Building
    {
        [LoadColumn(0, 7)]
        [VectorType(8)]
        public float[] Features { get; set; } = [];

        [LoadColumn(8, 9)]
        [VectorType(2)]
        public float[] Label { get; set; } = [];
    }

    /// <summary>The columns that are read from the model's output.</summary>
    private sealed class Prediction
    {
        public float[] Label { get; set; } = [];

        /// <summary>One prediction for each number of the label, in its unit.</summary>
        public float[] Score { get; set; } = [];
    }
}
