using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet;
using MnistMlNet.Mpi;

namespace DistributedTraining;

/// <summary>Trains on all ranks and evaluates; only rank 0 prints and writes files.</summary>
internal static class TrainJob
{
    public static int Run(MpiCollective mpi, TrainOptions settings)
    {
        var mlContext = new MLContext(settings.Training.Seed);
        TwoLayerNetworkTrainer.Options options = settings.Training;
        options.Distribution ??= mpi.Size > 1 || options.Shards > 1 ? DistributionMode.Averaging : null;
        options.Collective = options.Distribution is null ? null : mpi;
        bool isFirst = mpi.Rank == 0;
        IDataView digits = Digits.Training(mlContext, settings.Copies, settings.Rows);
        if (settings.Copies > 1)
        {
            options.Augmentation = new ImageAugmentation(28, 28);
        }

        // Keys come from rank 0. In the modes with shards, each rank keeps the rows of its own.
        ITransformer keys = mlContext.Model.FitOnFirstRank(
            mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator
                .KeyOrdinality.ByValue), mlContext.Data.TakeRows(digits, 60_000), mpi);
        IDataView rows = options.Distribution is DistributionMode.ModelParallel or null
            ? digits
            : mlContext.Data.ShardRows(digits, mpi, options.Shards);
        if (isFirst)
        {
            Console.WriteLine($"{mpi.Size} ranks ({mpi.LibraryVersion}), {options.Distribution?.ToString() ?? "one process"}");
        }

        double sum = 0, least = double.MaxValue;
        var cpu = new ProcessorTime();
        var clock = Stopwatch.StartNew();
        Action<TrainingEpoch>? progress = isFirst ? ConsoleProgress.Create(mlContext) : null;
        options.EpochCallback = epoch =>
        {
            least = Math.Min(least, cpu.Lap());
            sum = clock.Elapsed.TotalSeconds;
            progress?.Invoke(epoch);
        };
        TwoLayerNetworkTransformer network = mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options).Fit(keys.Transform(rows));
        if (!isFirst)
        {
            return 0;
        }

        TransformerChain<ITransformer> model = new(keys, network);
        MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(Digits.Test(mlContext)));
        mlContext.Model.SaveAtomic(model, digits.Schema, settings.ModelPath);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Accuracy {100 * metrics.MicroAccuracy:F2} %, log-loss {metrics.LogLoss:F4} on 10,000 test digits; {sum:F1} s, least "
                + $"processor time of an epoch {1000 * least:F0} ms on rank 0"));
        Console.WriteLine($"SHA-256 of the parameters {Hash(network.Model)}");
        return 0;
    }

    /// <summary>A hash by which results of different numbers of ranks are compared.</summary>
    private static string Hash(TwoLayerNetworkModelParameters model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReadOnlyMemory<float> part in
            (ReadOnlyMemory<float>[])[model.HiddenWeights, model.HiddenBiases, model.OutputWeights, model.OutputBiases])
        {
            hash.AppendData(MemoryMarshal.AsBytes(part.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The processor time of this process, lap by lap.</summary>
    private sealed class ProcessorTime
    {
        private double _last = Now();

        public double Lap()
        {
            double now = Now(), lap = now - _last;
            _last = now;
            return lap;
        }

        private static double Now()
        {
            using var process = Process.GetCurrentProcess();
            return process.TotalProcessorTime.TotalSeconds;
        }
    }
}
