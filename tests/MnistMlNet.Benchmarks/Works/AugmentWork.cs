using Microsoft.ML;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Peers;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>The cost of augmentation, compared with the training that uses it.</summary>
internal sealed class AugmentWork : IWork
{
    private const int Batch = 128;
    private const int MeasuredRows = 2000;

    public string Name => "augment";

    public string Description => "time of augmenting a row, against training on it";

    public void Run(WorkSettings settings)
    {
        DenseRows rows = DataSets.Mnist().Take(settings.TrainingRows);
        (string Name, IAugmentation Augmentation)[] kinds =
        [
            ("affine", MnistMlNet.Augmentation.Affine(28, 28)), ("elastic", MnistMlNet.Augmentation.Elastic(28, 28)),
            ("affine and elastic", new ImageAugmentation(28, 28)), ("noise", new FeatureNoise(0.1f)), ("masking", new FeatureMasking(0.2f)),
        ];
        foreach (int hidden in new[] { 800, 32 }.Where(settings.Filter.TakesHidden))
        {
            Run(settings, rows, kinds, hidden);
        }
    }

    private static void Run(WorkSettings settings, DenseRows rows, (string Name, IAugmentation Augmentation)[] kinds, int hidden)
    {
        var mlContext = new MLContext(seed: 1);
        var training = new OurTraining(mlContext, rows.ToDataView(mlContext), RandomNetwork.Create(rows.InputCount, hidden));
        CheckIdentity(training, hidden);
        var table = new MarkdownTable(
            settings.Output, $"Augmentation, MNIST, 784-{hidden}-10, batch {Batch}, 1 thread; microseconds a row",
            "augmentation", ">alone", ">training without", ">training with", ">alone / training without");
        foreach ((string name, IAugmentation augmentation) in kinds)
        {
            int epochs = Math.Clamp((int)Math.Ceiling(settings.MinSeconds / training.SecondsPerEpoch(Batch, 1, 1)), 1, 20);
            Measurement[] results = Alternating.Run(
                settings.Rounds,
                Repeat.Side(name, settings.MinSeconds, Augment(rows, augmentation)),
                new Side("without", () => training.SecondsPerEpoch(Batch, 1, epochs)),
                new Side("with", () => training.SecondsPerEpoch(Batch, 1, epochs, augmentation)));
            double alone = results[0].Median / Math.Min(MeasuredRows, rows.RowCount), without = results[1].Median / rows.RowCount,
                with = results[2].Median / rows.RowCount;
            table.Row(name, Number.Short(1e6 * alone), Number.Short(1e6 * without), Number.Short(1e6 * with),
                Number.Short(alone / without));
        }
    }

    private static Action Augment(DenseRows rows, IAugmentation augmentation)
    {
        float[] destination = new float[rows.InputCount], scratch = new float[augmentation.GetScratchLength(rows.InputCount)];
        var random = new AugmentationRandom(1);
        return () =>
        {
            for (int row = 0; row < Math.Min(MeasuredRows, rows.RowCount); row++)
            {
                augmentation.Apply(rows.Row(row), destination, scratch, random);
            }
        };
    }

    /// <summary>Augmentation that changes nothing must give the same bits as training without augmentation.</summary>
    private static void CheckIdentity(OurTraining training, int hidden)
    {
        TwoLayerNetworkModelParameters without = training.Fit(Batch, 1, 1, shuffle: true).Model;
        TwoLayerNetworkModelParameters with = training.Fit(Batch, 1, 1, shuffle: true,
            augmentation: MnistMlNet.Augmentation.Affine(28, 28, 0, 0, 1, 1, 0)).Model;
        if (!without.Network.All.SequenceEqual(with.Network.All))
        {
            throw new CheckFailedException($"An augmentation that changes nothing gave other parameters than none: H = {hidden}. Nothing "
                + $"was timed.");
        }
    }
}
