using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>The code of docs/tuning.md, so that it compiles and runs; <see cref="TuningTests"/> compares the two.</summary>
internal static class TuningExample
{
    /// <returns>The chosen options, and their mean log-loss over the folds.</returns>
    public static (TwoLayerNetworkTrainer.Options Best, double LogLoss) Tune()
    {
        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Data.LoadFromTextFile("table.csv", new TextLoader.Options
        {
            HasHeader = true,
            Separators = [','],
            Columns = [new("Label", DataKind.String, 4), new("Features", DataKind.Single, 0, 3)],
        });

        // Keys first, from all rows: every fold then has the same classes in the same order.
        var keyed = mlContext.Data.Cache(mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data));

        TwoLayerNetworkTrainer.Options? best = null;
        double least = double.PositiveInfinity;
        foreach (int hiddenUnits in new[] { 8, 32 })
        {
            foreach (float l2 in new[] { 0f, 0.05f, 0.2f })
            {
                var options = new TwoLayerNetworkTrainer.Options { HiddenUnits = hiddenUnits, L2Regularization = l2, Seed = 1 };
                var pipeline = mlContext.Transforms.NormalizeMeanVariance("Features")
                    .Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options));
                var folds = mlContext.MulticlassClassification.CrossValidate(keyed, pipeline, numberOfFolds: 5, seed: 1);
                double logLoss = folds.Average(fold => fold.Metrics.LogLoss);
                double accuracy = folds.Average(fold => fold.Metrics.MicroAccuracy);
                Console.WriteLine($"H {hiddenUnits,3}, λ {l2:F2}: log-loss {logLoss:F4}, accuracy {accuracy:P1}");
                if (logLoss < least)
                {
                    (best, least) = (options, logLoss);
                }
            }
        }

        // The chosen options once more, on all rows, in a pipeline that starts from the data as it is loaded.
        var final = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.Transforms.NormalizeMeanVariance("Features"))
            .Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(best!))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        mlContext.Model.Save(final.Fit(data), data.Schema, "tuned.zip");
        return (best!, least);
    }
}
