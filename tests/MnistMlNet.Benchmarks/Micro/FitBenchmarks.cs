using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;

namespace MnistMlNet.Benchmarks.Micro;

/// <summary><c>Fit</c> as a whole, reading the cached rows included: one epoch of MNIST, H = 32.</summary>
[MemoryDiagnoser]
public class FitBenchmarks
{
    /// <summary>
    /// What one epoch of few large steps reaches on its own rows at least; guessing gives 0.1, and a fast trainer that does not learn is
    /// none.
    /// </summary>
    private const double LeastAccuracy = 0.6;

    private readonly MLContext _mlContext = new(seed: 1);
    private IDataView _rows = null!;

    /// <summary>Gets or sets the number of threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Gets or sets the rows of a step.</summary>
    [Params(64, 1024)]
    public int Batch { get; set; }

    /// <summary>Loads the rows, and looks whether training learns.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _rows = DataSets.Mnist().ToDataView(_mlContext);
        double accuracy = Fit().History.Epochs[0].TrainAccuracy;
        if (!(accuracy >= LeastAccuracy))
        {
            throw new CheckFailedException($"One epoch gave the accuracy {accuracy} on its training rows; at least {LeastAccuracy} is "
                + $"wanted.");
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
