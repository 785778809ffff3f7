using Microsoft.ML.Data;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>The smallest model of binary classification: logit = weights · features + bias.</summary>
internal sealed class LinearModel(float[] weights, float bias) : LoadableModelParametersBase
{
    public float[] Weights => weights;

    public float Bias => bias;

    internal override int FeatureCount => weights.Length;

    public static LinearModel Read(Stream stream)
    {
        using BinaryReader reader = new(stream);
        float[] weights = new float[reader.ReadInt32()];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = reader.ReadSingle();
        }

        return new LinearModel(weights, reader.ReadSingle());
    }

    public static float Logistic(float logit) => 1 / (1 + MathF.Exp(-logit));

    internal override void ScoreBinary(in VBuffer<float> features, out float logit, out float probability)
    {
        logit = bias;
        foreach ((int index, float value) in features.Items())
        {
            logit += weights[index] * value;
        }

        probability = Logistic(logit);
    }

    internal override void WritePayload(Stream stream)
    {
        using BinaryWriter writer = new(stream);
        writer.Write(weights.Length);
        foreach (float weight in weights)
        {
            writer.Write(weight);
        }

        writer.Write(bias);
    }
}
