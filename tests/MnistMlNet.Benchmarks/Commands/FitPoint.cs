using Microsoft.ML;
using MnistMlNet.Benchmarks.Data;

namespace MnistMlNet.Benchmarks.Commands;

/// <summary>A measurement of <c>threads</c>.</summary>
/// <param name="Name">The name in the table.</param>
/// <param name="Fit">The whole of <c>Fit</c>, reading the cached rows included, with a number of threads or, for null, with the option not
/// set.</param>
/// <param name="Threads">The thread counts that are compared with one thread.</param>
/// <param name="IsLong">Whether fewer rounds are enough.</param>
internal sealed record FitPoint(string Name, Action<int?> Fit, int?[] Threads, bool IsLong = false)
{
    private const int Fits = 8;
    private static readonly int?[] s_open = [null];

    public static IEnumerable<FitPoint> All()
    {
        Action<int?> small = Of(DataSets.Dense(150, 4), new TwoLayerNetworkTrainer.Options());
        Action<int?> thousand = Of(DataSets.Dense(1000, 20), new TwoLayerNetworkTrainer.Options());
        DenseRows digits = DataSets.Mnist();
        Action<int?> thousandDigits = Of(digits.Take(1000), new TwoLayerNetworkTrainer.Options { NumberOfEpochs = 5 });
        Action<int?> mnist = Of(digits, new TwoLayerNetworkTrainer.Options { NumberOfEpochs = 5, BatchSize = 64 });
        return
        [
            new("150 × 4", small, [null, 16, 64, 1024]),
            new("1,000 × 20", thousand, [null, 16, 64, 1024]),
            new("eight of 1,000 × 20 one after the other", threads => OneAfterTheOther(thousand, threads), s_open),
            new("eight of 1,000 × 20 concurrently", threads => Concurrently(thousand, threads), s_open),
            new("1,000 digits, 5 epochs", thousandDigits, s_open),
            new("eight of 1,000 digits one after the other", threads => OneAfterTheOther(thousandDigits, threads), s_open),
            new("eight of 1,000 digits concurrently", threads => Concurrently(thousandDigits, threads), s_open),
            new("MNIST, H = 32, batch 64, 5 epochs", mnist, [null, 16, 64, 1024], IsLong: true),
        ];
    }

    private static Action<int?> Of(DenseRows rows, TwoLayerNetworkTrainer.Options options)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = rows.ToDataView(mlContext);
        options.Seed = 1;
        return threads =>
        {
            // Options are read when the trainer is made; eight concurrent fits make eight trainers, one after the other.
            TwoLayerNetworkTrainer trainer;
            lock (options)
            {
                options.NumberOfThreads = threads;
                trainer = mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options);
            }

            trainer.Fit(data);
        };
    }

    private static void OneAfterTheOther(Action<int?> fit, int? threads)
    {
        for (int i = 0; i < Fits; i++)
        {
            fit(threads);
        }
    }

    private static void Concurrently(Action<int?> fit, int? threads)
    {
        Thread[] all = [.. Enumerable.Range(0, Fits).Select(_ => new Thread(() => fit(threads)))];
        foreach (Thread thread in all)
        {
            thread.Start();
        }

        foreach (Thread thread in all)
        {
            thread.Join();
        }
    }
}
