namespace MnistMlNet.OnnxTests;

/// <summary>Networks of random shapes and parameters.</summary>
internal static class RandomNetworks
{
    /// <param name="most">The largest number of inputs, of hidden units and of classes.</param>
    public static TwoLayerNetworkModelParameters Draw(Random random, int most)
    {
        int inputs = random.Next(1, most + 1), hidden = random.Next(1, most + 1), classes = random.Next(2, Math.Max(3, most + 1));
        float[] Values(int count, int incoming) =>
            [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle() - 1) * MathF.Sqrt(3f / incoming))];
        return TwoLayerNetworkModelParameters.Create(
            inputs, hidden, classes, Values(hidden * inputs, inputs), Values(hidden, 1), Values(classes * hidden, hidden),
            Values(classes, 1),
            (Activation)random.Next(Enum.GetValues<Activation>().Length));
    }

    public static float[] Rows(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next(4) == 0 ? 0 : 4 * random.NextSingle() - 2)];
}
