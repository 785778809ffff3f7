using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>Draws initial parameters.</summary>
internal static class WeightInitializer
{
    /// <summary>The purpose that names this generator; epochs count from 1.</summary>
    private const ulong Purpose = 0;

    public static NetworkParameters Create(NetworkShape shape, WeightInitialization initialization, int seed)
    {
        var parameters = new NetworkParameters(shape);
        var random = new SeededRandom(seed, Purpose);
        float[] hidden = Draw(ref random, shape.InputCount, shape.HiddenUnits, initialization);
        float[] output = Draw(ref random, shape.HiddenUnits, shape.ClassCount, initialization);
        float bias = initialization == WeightInitialization.UniformHalf ? -0.5f : 0;
        parameters.HiddenLayout.FromRowMajor(hidden, parameters.HiddenWeights);
        parameters.HiddenBiases[..shape.HiddenUnits].Fill(bias);
        parameters.OutputLayout.FromRowMajor(output, parameters.OutputWeights);
        parameters.OutputBiases[..shape.ClassCount].Fill(bias);
        return parameters;
    }

    private static float[] Draw(ref SeededRandom random, int inputs, int outputs, WeightInitialization initialization)
    {
        float limit = initialization switch
        {
            // ReLU halves the variance, so the weights get twice the variance 1 / inputs that would keep it.
            WeightInitialization.HeUniform => MathF.Sqrt(6f / inputs),
            WeightInitialization.GlorotUniform => MathF.Sqrt(6f / ((float)inputs + outputs)),
            WeightInitialization.UniformHalf => 0.5f,
            _ => throw UnknownMember.Of(initialization),
        };
        float[] weights = new float[checked(inputs * outputs)];
        foreach (ref float weight in weights.AsSpan())
        {
            weight = (2 * random.NextSingle() - 1) * limit;
        }

        return weights;
    }
}
