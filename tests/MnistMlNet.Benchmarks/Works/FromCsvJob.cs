using System.Diagnostics;
using DigitRecognition;
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
        var parts = new List<(string What, double Seconds, double Processor)>();
        var clock = Stopwatch.StartNew();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        void Part(string what)
        {
            TimeSpan now = Environment.CpuUsage.TotalTime;
            parts.Add((what, clock.Elapsed.TotalSeconds, (now - before).TotalSeconds));
            before = now;
            clock.Restart();
        }

        var mlContext = new MLContext(seed: 1);
        IDataView trainRows = Load(mlContext, train, forTraining: true);
        Part($"TextLoader parses the training file ({Number.Megabytes(new FileInfo(train).Length)}) into the cache, every row is checked");
        ValueToKeyMappingTransformer key = mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: KeyOrdinality.ByValue)
            .Fit(trainRows);
        Part("MapValueToKey.Fit");
        IDataView keyed = key.Transform(trainRows);
        NormalizingTransformer scale = mlContext.Transforms.NormalizeMinMax("Features").Fit(keyed);
        Part("NormalizeMinMax.Fit");
        // The clock is read after the first epoch, which isn't much longer than any other.
        var options = new TwoLayerNetworkTrainer.Options();
        options.EpochCallback = epoch =>
        {
            if (epoch.Epoch == 1)
            {
                Part("Fit: read the scaled rows and pack them; the first epoch");
            }
        };
        TwoLayerNetworkTransformer network =
            mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options).Fit(scale.Transform(keyed));
        Part($"Fit: {network.History.Epochs.Count - 1} more epochs of batches of {network.History.BatchSize}");

        IDataView testRows = Load(mlContext, test, forTraining: false);
        Part($"TextLoader parses the test file ({Number.Megabytes(new FileInfo(test).Length)}), every row is checked");
        MulticlassClassificationMetrics metrics =
            mlContext.MulticlassClassification.Evaluate(network.Transform(scale.Transform(key.Transform(testRows))));
        Part("Transform and Evaluate");

        double total = parts.Sum(part => part.Seconds);
        var table = new MarkdownTable(
            output, "From CSV to a trained and evaluated model, defaults", "part", ">time", ">share", ">processor time");
        foreach ((string what, double seconds, double processor) in parts)
        {
            table.Row(what, Number.Seconds(seconds), Number.Percent(seconds / total), Number.Seconds(processor));
        }

        table.Row("**whole**", Number.Seconds(total), "", Number.Seconds(parts.Sum(part => part.Processor)));
        output.WriteLine();
        output.WriteLine($"Accuracy on the test file: {Number.Short(100 * metrics.MicroAccuracy)}%");
    }

    private static IDataView Load(MLContext mlContext, string path, bool forTraining) =>
        new CheckedCsv(path, CsvLayout.Detect(path), forTraining, CancellationToken.None).Load(mlContext, _ => { });
}
