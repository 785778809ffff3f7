using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;

namespace MnistMlNet.Benchmarks.Micro;

/// <summary><c>Fit</c> as a whole, including reading the cached rows: one epoch of MNIST, H = 32.</summary>
[MemoryDiagnoser]
public class FitBenchmarks
{
    /// <summary>
    /// The minimum accuracy on its own rows after one epoch of few large steps. Guessing gives 0.1; speed doesn't count if the trainer
    /// doesn't learn.
    /// </summary>
    private const double MinAccuracy = 0.6;

    private readonly MLContext _mlContext = new(seed: 1);
    private IDataView _rows = null!;

    /// <summary>Gets or sets the number of threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Gets or sets the rows of a batch.</summary>
    [Params(64, 1024)]
    public int Batch { get; set; }

    /// <summary>Loads the rows, and checks that training learns.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _rows = DataSets.Mnist().ToDataView(_mlContext);
        double accuracy = Fit().History.Epochs[0].TrainAccuracy;
        if (!(accuracy >= MinAccuracy))
        {
            throw new CheckFailedException($"One epoch gave the accuracy {accuracy} on its training rows; at least {MinAccuracy} is "
                + $"expected.");
        }
    }

    /// <summary>One epoch.</summary>
    [Benchmark]
    public TwoLayerNetworkTransformer Fit() =>
        _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(new TwoLayerNetworkTrainer.Options
        {
            NumberOfEpochs = 1,
            BatchSize = Batch,
            NumberOfThreads = Threads,
            Seed = 1,
        }).Fit(_rows);
}
