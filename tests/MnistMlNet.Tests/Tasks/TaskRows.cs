using Microsoft.ML;

namespace MnistMlNet.Tests.Tasks;

/// <summary>Seeded rows whose labels depend on the features, with some noise.</summary>
internal static class TaskRows
{
    public const int FeatureCount = 4;
    public const int LabelCount = 3;

    public static TaskRow[] Make(int count, int seed = 1)
    {
        var random = new Random(seed);
        float Noise() => 0.1f * (random.NextSingle() + random.NextSingle() - 1);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            float[] x = [.. SampleNumbers.Floats(random, FeatureCount - 1), 0.5f];
            float curved = MathF.Sin(2 * x[0]) + x[1] * x[1], straight = x[1] - x[2];
            return new TaskRow
            {
                Features = x,
                Answer = x[0] + x[1] * x[2] + Noise() > 0,
                Number = curved + Noise(),
                Count = Poisson(random, Rate(x)),
                Numbers = [curved + Noise(), 1000 * (straight + Noise()) + 5000, x[0] * x[2] / 64 + Noise() / 64],
                Answers = [x[0] + Noise() > 0 ? 1 : 0, curved + Noise() > 0.7f ? 1 : 0, straight + Noise() > 0.5f ? 1 : 0],
                Weight = 1 + i % 3,
            };
        })];
    }

    /// <summary>The mean of a row's count.</summary>
    public static double Rate(float[] x) => Math.Exp(1 + x[0] - 0.5 * x[1]);

    public static IDataView View(MLContext mlContext, params IEnumerable<TaskRow> rows) => mlContext.Data.LoadFromEnumerable(rows);

    /// <summary>Knuth's method: the number of uniform factors until their product is below exp(-rate).</summary>
    private static int Poisson(Random random, double rate)
    {
        int count = -1;
        for (double product = 1; product > Math.Exp(-rate); product *= random.NextDouble())
        {
            count++;
        }

        return count;
    }
}
