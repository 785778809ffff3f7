using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Benchmarks.Data;

/// <summary>Any number of dense rows, from a generator: 4,096 different ones, repeated.</summary>
internal static class GeneratedRows
{
    private const int Inputs = 784;
    private const int Classes = 10;
    private const int Different = 4096;

    /// <summary>Trains 32 hidden units on <paramref name="megabytes"/> of rows, 4 bytes a value.</summary>
    /// <returns>The training accuracy of the last epoch.</returns>
    public static double Train(int megabytes, int epochs, bool cacheRows)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Data.LoadFromEnumerable(Rows((int)(megabytes * 1_000_000L / (Inputs * sizeof(float)))));
        var trainer = mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(
            new TwoLayerNetworkTrainer.Options { NumberOfEpochs = epochs, CacheRows = cacheRows, BatchSize = 256 });
        return trainer.Fit(data).History.Epochs[^1].TrainAccuracy;
    }

    private static IEnumerable<Row> Rows(int count)
    {
        var random = new Random(1);
        var rows = new Row[Different];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new Row { Label = (uint)(i % Classes) };
            foreach (ref float feature in rows[i].Features.AsSpan())
            {
                feature = random.NextSingle() - 0.5f;
            }

            rows[i].Features[i % Classes] += 3;
        }

        for (int i = 0; i < count; i++)
        {
            yield return rows[i % Different];
        }
    }

    private sealed class Row
    {
        [KeyType(Classes)]
        public uint Label { get; set; }

        [VectorType(Inputs)]
        public float[] Features { get; set; } = new float[Inputs];
    }
}
