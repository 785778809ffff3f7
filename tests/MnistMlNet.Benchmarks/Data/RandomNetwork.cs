namespace MnistMlNet.Benchmarks.Data;

/// <summary>The initial parameters that all sides start from.</summary>
internal static class RandomNetwork
{
    public static TwoLayerNetworkModelParameters Create(int inputs, int hidden, int seed = 1)
    {
        var random = new Random(seed);
        float[] w1 = Uniform(random, hidden * inputs, MathF.Sqrt(6f / inputs)), b1 = Uniform(random, hidden, 0.1f);
        float[] w2 = Uniform(random, DenseRows.ClassCount * hidden, MathF.Sqrt(6f / hidden)),
            b2 = Uniform(random, DenseRows.ClassCount, 0.1f);
        return TwoLayerNetworkModelParameters.Create(inputs, hidden, DenseRows.ClassCount, w1, b1, w2, b2);
    }

    private static float[] Uniform(Random random, int count, float limit)
    {
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
        {
            value = (2 * random.NextSingle() - 1) * limit;
        }

        return values;
    }
}
