using Microsoft.ML;

namespace MnistMlNet.Tests.Trust.Comparing;

/// <summary>One training: options, rows and the model that it starts from.</summary>
internal sealed class RandomCase
{
    /// <summary>A number of features so large that the rows of a stream don't fit into one window, and are shuffled within each.</summary>
    private const int ManyInputs = 33_000;

    private RandomCase(int number, Random random)
    {
        Number = number;
        bool isWide = number % 400 == 399;
        int inputs = isWide ? ManyInputs : random.Chance(0.8) ? random.Next(1, 41) : random.Next(90, 131);
        int classes = isWide || random.Chance(0.7) ? random.Next(2, 8) : random.Next(8, 71);

        // Batches of more than 256 rows are computed in slices, so some sets are larger.
        int rows = isWide || random.Chance(0.05) ? random.Next(257, 600) : random.Next(2, 100);
        Options = RandomOptions.Draw(random, rows, classes);
        if (isWide)
        {
            Options.HiddenUnits = random.Next(1, 4);
            Options.NumberOfEpochs = Math.Min(2, Options.NumberOfEpochs!.Value);
            Options.CacheRows = Options.Optimizer == Optimizer.Lbfgs;
            Options.BatchSize = Options.CacheRows ? null : random.Next(20, 300);
        }

        double density = isWide ? 0.001 : random.OneOf(0.05, 0.3, 0.7, 1), sparse = random.OneOf(0, 0.5, 1);
        float largest = random.Chance(0.15) ? random.Between(11, 300) : random.Between(0.3, 5);
        float[] scales = [.. Enumerable.Range(0, inputs).Select(_ => random.Between(largest / 10, largest))];
        Training = new RandomRows(random, rows, classes, density, scales, sparse);
        Validation = random.Chance(0.3) ? new RandomRows(random, random.Next(1, 60), classes, density, scales, sparse) : null;
        float spread = random.OneOf(0.3f, 1, 1, 2);
        float[] Weights(int count, int incoming) => Uniform(random, count, spread * MathF.Sqrt(3f / incoming));
        Initial = TwoLayerNetworkModelParameters.Create(
            inputs, Options.HiddenUnits, classes,
            [.. Weights(Options.HiddenUnits * inputs, inputs).Select((w, i) => w / Math.Max(1, scales[i % inputs]))],
                Uniform(random, Options.HiddenUnits, 0.3f),
            Weights(classes * Options.HiddenUnits, Options.HiddenUnits), Uniform(random, classes, 0.3f), Options.Activation);
    }

    public int Number { get; }

    public TwoLayerNetworkTrainer.Options Options { get; }

    public RandomRows Training { get; }

    public RandomRows? Validation { get; }

    public TwoLayerNetworkModelParameters Initial { get; }

    /// <summary>Draws a case: the same for the same seed and number.</summary>
    public static RandomCase Draw(int seed, int number) => new(number, new Random(unchecked(seed * 1_000_003 + number)));

    public TwoLayerNetworkTransformer Fit(MLContext mlContext) =>
        mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(Options)
            .Fit(Training.View(mlContext), Validation?.View(mlContext), Initial);

    private static float[] Uniform(Random random, int count, float bound) =>
        [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle() - 1) * bound)];
}
