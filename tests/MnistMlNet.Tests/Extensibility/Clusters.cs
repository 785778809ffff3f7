namespace MnistMlNet.Tests.Extensibility;

/// <summary>Rows of classes that a linear model separates.</summary>
internal static class Clusters
{
    /// <summary>Seeded rows around as many points of a circle as there are classes; the first class has the largest first feature.
    /// </summary>
    public static (int Class, float[] Features)[] Rows(int classCount, int count)
    {
        var random = new Random(1);
        float Noise() => (random.NextSingle() - 0.5f) / 5;
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            (float sin, float cos) = MathF.SinCos(2 * MathF.PI * (i % classCount) / classCount);
            return (i % classCount, new[] { cos + Noise(), sin + Noise() });
        })];
    }
}
