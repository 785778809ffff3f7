using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;

namespace MnistMlNet.Benchmarks.Micro;

/// <summary><c>Transform</c> and reading <c>Score</c> of 10,000 cached rows of MNIST.</summary>
[MemoryDiagnoser]
public class TransformBenchmarks
{
    private readonly MLContext _mlContext = new(seed: 1);
    private IDataView _rows = null!;
    private ITransformer _linear = null!;
    private TwoLayerNetworkTransformer _narrow = null!;
    private TwoLayerNetworkTransformer _wide = null!;

    /// <summary>Trains briefly, and compares the scores with those of the public prediction API.</summary>
    [GlobalSetup]
    public void Setup()
    {
        DenseRows digits = DataSets.MnistDigitsToPredict();
        _rows = digits.ToDataView(_mlContext);
        _linear = ReferenceModels.Lbfgs(_mlContext, digits);
        _narrow = ReferenceModels.TwoLayerNetwork(_mlContext, digits, 32);
        _wide = ReferenceModels.TwoLayerNetwork(_mlContext, digits, 800);
        foreach (TwoLayerNetworkTransformer network in new[] { _narrow, _wide })
        {
            float[] expected = new float[digits.RowCount * DenseRows.ClassCount];
            network.Model.PredictBatch(digits.Features, expected);
            if (!(Comparison.LargestDifference(expected, ScoreReader.ReadAll(network.Transform(_rows))) <= 1e-6))
            {
                throw new CheckFailedException($"Transform and PredictBatch differ, H = {network.Model.HiddenUnits}.");
            }
        }

        // ML.NET's assemblies contain no native code, so they start slowly; a warm-up of a few calls would still measure that.
        for (int i = 0; i < 10; i++)
        {
            LbfgsMaximumEntropy();
            TwoLayerNetwork32();
        }

        // Tiered compilation replaces the methods in the background, with a delay: this waits for it before the measurement starts.
        Thread.Sleep(500);
    }

    /// <summary>ML.NET's own linear model: the minimum cost of 10,000 rows.</summary>
    [Benchmark(Baseline = true)]
    public double LbfgsMaximumEntropy() => ScoreReader.Read(_linear.Transform(_rows));

    /// <summary>784-32-10.</summary>
    [Benchmark]
    public double TwoLayerNetwork32() => ScoreReader.Read(_narrow.Transform(_rows));

    /// <summary>784-800-10.</summary>
    [Benchmark]
    public double TwoLayerNetwork800() => ScoreReader.Read(_wide.Transform(_rows));
}
