using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Training;

/// <summary>Text and one-hot columns: as many features as words, of which a row has a few.</summary>
public sealed class WideTableTests
{
    private const int Inputs = 50_000;
    private const int WordsOfRow = 20;
    private const int Rows = 1_000;

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Words_that_name_the_class_are_learned_from_rows_that_stay_sparse()
    {
        IDataView training = _mlContext.Data.LoadFromEnumerable(Texts(Rows, seed: 1).ToList());
        IDataView others = _mlContext.Data.LoadFromEnumerable(Texts(500, seed: 2).ToList());
        var options = new TwoLayerNetworkTrainer.Options { HiddenUnits = 4, NumberOfEpochs = 4, Seed = 1, NumberOfThreads = 1 };
        TwoLayerNetworkTrainer trainer = _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options);

        long before = GC.GetAllocatedBytesForCurrentThread();
        TwoLayerNetworkTransformer model = trainer.Fit(training);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // As a dense matrix the rows take 4 bytes x 1,000 x 50,000 = 200 MB; the network's weights take 0.8 MB.
        Assert.InRange(allocated, 0, 50_000_000);
        Assert.InRange(_mlContext.MulticlassClassification.Evaluate(model.Transform(others)).MicroAccuracy, 0.9, 1);
    }

    /// <summary>Rows of 20 words: 5 of the 100 that belong to the row's class, the rest from all.</summary>
    private static IEnumerable<TextRow> Texts(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            uint label = (uint)(i % 2);
            int[] words = [.. Enumerable.Range(0, WordsOfRow)
                .Select(w => w < 5 ? (int)label * 100 + random.Next(100) : random.Next(Inputs)).Distinct().Order()];
            yield return new TextRow
            {
                Label = label,
                Features = new VBuffer<float>(Inputs, words.Length, [.. words.Select(_ => 1f)], words),
            };
        }
    }

    private sealed class TextRow
    {
        [KeyType(2)]
        public uint Label { get; set; }

        [VectorType(Inputs)]
        public VBuffer<float> Features { get; set; }
    }
}
