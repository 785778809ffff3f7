using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Reporting;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>The training command, part by part: each part is forced to run while it is timed, although ML.NET is lazy.</summary>
internal static class FromCsvJob
{
    public static void Run(TextWriter output)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mnistmlnet-");
        try
        {
            string train = Path.Combine(folder.FullName, "train.csv"), test = Path.Combine(folder.FullName, "test.csv");
            DigitCsv.Write(DataSets.MnistTrain, train);
            DigitCsv.Write(DataSets.MnistTest, test);
            Run(output, train, test);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Run(TextWriter output, string train, string test)
    {
        var parts = new List<(string What, double Seconds)>();
        var clock = Stopwatch.StartNew();
        void Part(string what)
        {
            parts.Add((what, clock.Elapsed.TotalSeconds));
            clock.Restart();
        }

        var mlContext = new MLContext(seed: 1);
        IDataView trainRows = mlContext.Data.Cache(mlContext.Data.LoadFromTextFile(train, DigitCsv.Options()));
        ReadAll(trainRows);
        Part($"TextLoader parses the training file ({Number.Megabytes(new FileInfo(train).Length)}) into the cache");
        ValueToKeyMappingTransformer key = mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: KeyOrdinality.ByValue)
            .Fit(trainRows);
        Part("MapValueToKey.Fit");
        IDataView keyed = key.Transform(trainRows);
        NormalizingTransformer scale = mlContext.Transforms.NormalizeMinMax("Features").Fit(keyed);
        Part("NormalizeMinMax.Fit");
        TwoLayerNetworkTransformer network = mlContext.MulticlassClassification.Trainers.TwoLayerNetwork().Fit(scale.Transform(keyed));
        Part("");
        double epochs = network.History.Epochs[^1].Elapsed.TotalSeconds, fit = parts[^1].Seconds;
        parts[^1] = ("Fit: read the scaled rows, pack them, and the rest", fit - epochs);
        parts.Add(($"Fit: {network.History.Epochs.Count} epochs of batches of {network.History.BatchSize}", epochs));

        IDataView testRows = mlContext.Data.Cache(mlContext.Data.LoadFromTextFile(test, DigitCsv.Options()));
        ReadAll(testRows);
        Part($"TextLoader parses the test file ({Number.Megabytes(new FileInfo(test).Length)})");
        MulticlassClassificationMetrics metrics =
            mlContext.MulticlassClassification.Evaluate(network.Transform(scale.Transform(key.Transform(testRows))));
        Part("Transform and Evaluate");

        double total = parts.Sum(part => part.Seconds);
        var table = new MarkdownTable(output, "From CSV to a trained and evaluated model, defaults", "part", ">time", ">share");
        foreach ((string what, double seconds) in parts)
        {
            table.Row(what, Number.Seconds(seconds), Number.Percent(seconds / total));
        }

        table.Row("**whole**", Number.Seconds(total), "");
        output.WriteLine();
        output.WriteLine($"Accuracy on the test file: {Number.Short(100 * metrics.MicroAccuracy)}%");
    }

    private static void ReadAll(IDataView rows)
    {
        using DataViewRowCursor cursor = rows.GetRowCursor(rows.Schema);
        while (cursor.MoveNext())
        {
        }
    }
}
