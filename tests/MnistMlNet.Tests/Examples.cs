using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MnistMlNet.Tests;

/// <summary>Seeded rows of three classes that overlap a little, and views of them.</summary>
internal static class Examples
{
    public const int FeatureCount = 4;

    public const int ClassCount = 3;

    /// <summary>Rows of "a", "b" and "c", alternating: features 0 and 1 determine the class, 2 is noise, 3 is constant.</summary>
    public static Example[] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        float Noise() => (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f) * 0.5f;
        return [.. Enumerable.Range(0, count).Select(i => new Example
        {
            Label = "abc"[i % ClassCount].ToString(),
            Features = [(i % ClassCount == 0 ? 1 : 0) + Noise(), (i % ClassCount == 1 ? 1 : 0) + Noise(), Noise(), 0.5f],
            Weight = 1 + i % 4,
            Id = i,
        })];
    }

    public static IDataView View(MLContext mlContext, IEnumerable<Example> rows) => mlContext.Data.LoadFromEnumerable(rows);

    /// <summary>A view whose label is a key of "a", "b" and "c", whichever of them the rows have.</summary>
    public static IDataView Keyed(MLContext mlContext, params IEnumerable<Example> rows)
    {
        ValueToKeyMappingEstimator toKey = mlContext.Transforms.Conversion.MapValueToKey("Label",
            keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue);
        return toKey.Fit(View(mlContext, Rows(ClassCount))).Transform(View(mlContext, rows));
    }

    /// <summary>A trainer of a small network on one thread, fast and repeatable.</summary>
    public static TwoLayerNetworkTrainer Trainer(MLContext mlContext, Action<TwoLayerNetworkTrainer.Options>? change = null)
    {
        var options = new TwoLayerNetworkTrainer.Options { HiddenUnits = 6, NumberOfEpochs = 5, Seed = 1, NumberOfThreads = 1 };
        change?.Invoke(options);
        return mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options);
    }

    /// <summary>All parameters as bits, for bit-exact comparison.</summary>
    public static int[] Bits(TwoLayerNetworkModelParameters model) =>
        [.. Parameters(model).Select(BitConverter.SingleToInt32Bits)];

    public static float[] Parameters(TwoLayerNetworkModelParameters model) =>
        [.. model.HiddenWeights.Span, .. model.HiddenBiases.Span, .. model.OutputWeights.Span, .. model.OutputBiases.Span];

    public static float[][] Scores(IDataView scored) => [.. scored.GetColumn<float[]>("Score")];

    public static uint[] PredictedLabels(IDataView scored) => [.. scored.GetColumn<uint>("PredictedLabel")];
}
