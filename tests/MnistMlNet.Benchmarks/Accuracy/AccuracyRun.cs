using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MnistMlNet.Benchmarks.Data;

namespace MnistMlNet.Benchmarks.Accuracy;

/// <summary>
/// Trains a row with one seed after the other. Each result is written to disk as soon as it is available, and so is the state of a long
/// training: a run that was stopped continues from there.
/// </summary>
internal sealed class AccuracyRun(AccuracyRow row, string folder, bool isHeldOut, IReadOnlyDictionary<string, string> overrides)
{
    private const int HeldOut = 10_000;

    public string Path { get; } = System.IO.Path.Combine(folder, $"{row.Name}{(isHeldOut ? "-held-out" : "")}.csv");

    /// <summary>The median accuracy in a row's file; null where there is no file.</summary>
    public static double? ReadMedian(string folder, string name)
    {
        string path = System.IO.Path.Combine(folder, name + ".csv");
        if (!File.Exists(path))
        {
            return null;
        }

        double[] values = [.. File.ReadLines(path).Skip(1).Select(line => AccuracyResult.Parse(line).Accuracy).Order()];
        return values[(values.Length - 1) / 2];
    }

    /// <summary>Gives the results of the seeds; those in the file are not computed again.</summary>
    public IReadOnlyList<AccuracyResult> Run(IReadOnlyList<int> seeds, TextWriter progress)
    {
        Directory.CreateDirectory(folder);
        Dictionary<int, AccuracyResult> done = overrides.Count == 0 && File.Exists(Path)
            ? File.ReadLines(Path).Skip(1).Select(AccuracyResult.Parse).ToDictionary(result => result.Seed)
            : [];
        var results = new List<AccuracyResult>();
        foreach (int seed in seeds)
        {
            if (!done.TryGetValue(seed, out AccuracyResult? result))
            {
                result = Train(seed);
                if (overrides.Count == 0)
                {
                    if (!File.Exists(Path))
                    {
                        File.WriteAllText(Path, AccuracyResult.Header + "\n");
                    }

                    File.AppendAllText(Path, result.ToLine() + "\n");
                }
            }

            progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Name}, seed {result.ToLine()}"));
            progress.Flush();
            results.Add(result);
        }

        return results;
    }

    private AccuracyResult Train(int seed)
    {
        var mlContext = new MLContext(seed: seed);
        TwoLayerNetworkTrainer.Options options = row.Options();
        OptionOverrides.Apply(options, overrides);
        options.Seed = seed;
        bool isLong = options.NumberOfEpochs > 40 && overrides.Count == 0;
        string checkpoint = System.IO.Path.ChangeExtension(Path, $".seed{seed}.checkpoint");
        if (isLong)
        {
            options.CheckpointPath = checkpoint;
            options.CheckpointInterval = 5;
            options.ResumeFromCheckpoint = true;
        }

        IDataView all = DataSets.Train(row.Data).Load(mlContext);
        IDataView train = isHeldOut ? mlContext.Data.TakeRows(all, DataSets.TrainingRows - HeldOut) : all;
        IDataView test = isHeldOut ? mlContext.Data.SkipRows(all, DataSets.TrainingRows - HeldOut)
            : DataSets.Test(row.Data).Load(mlContext);
        IEstimator<ITransformer> steps = mlContext.Transforms.Conversion.MapValueToKey(
            "Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue);
        steps = row.Normalizes ? steps.Append(mlContext.Transforms.NormalizeMinMax("Features")) : steps;
        var clock = Stopwatch.StartNew();
        ITransformer model = steps.Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options)).Fit(train);
        double seconds = clock.Elapsed.TotalSeconds;
        IDataView scored = model.Transform(test);
        MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(scored);
        var predictions = scored.GetColumn<float[]>("Score").Zip(
            scored.GetColumn<uint>("Label"), (score, label) => (score.Max(), Array.IndexOf(score, score.Max()) == (int)label - 1)).ToList();
        File.Delete(checkpoint);
        return new AccuracyResult(seed, metrics.MicroAccuracy, metrics.LogLoss, Calibration.ExpectedError(predictions), seconds);
    }
}
