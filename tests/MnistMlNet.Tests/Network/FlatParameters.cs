using MnistMlNet.Network;

namespace MnistMlNet.Tests.Network;

/// <summary>
/// Parameters as one plain array, W1 <c>[H, I]</c>, b1, W2 <c>[C, H]</c>, b2: the form that <see cref="ReferenceNetwork"/> reads.
/// </summary>
internal static class FlatParameters
{
    /// <summary>Random weights and biases within ±0.7, all different from 0.</summary>
    public static NetworkParameters Random(int seed, int inputs, int hiddenUnits, int classes, Activation activation)
    {
        var random = new Random(seed);
        float[] Draw(int count) => Array.ConvertAll(SampleNumbers.Floats(random, count), x => 0.7f * x);
        var parameters = new NetworkParameters(new NetworkShape(inputs, hiddenUnits, classes, activation));
        parameters.FromRowMajor(Draw(hiddenUnits * inputs), Draw(hiddenUnits), Draw(classes * hiddenUnits), Draw(classes));
        return parameters;
    }

    public static float[] Of(NetworkParameters parameters) => Of(parameters, parameters.All);

    /// <summary>Reads a gradient, or anything else that is laid out as <see cref="NetworkParameters.All"/>.</summary>
    public static float[] Of(NetworkParameters layout, ReadOnlySpan<float> all)
    {
        (int inputs, int hiddenUnits, int classes) = (layout.Shape.InputCount, layout.Shape.HiddenUnits, layout.Shape.OutputCount);
        float[] hidden = new float[hiddenUnits * inputs], output = new float[classes * hiddenUnits];
        layout.HiddenLayout.ToRowMajor(all, hidden);
        layout.OutputLayout.ToRowMajor(all[layout.OutputWeightsOffset..], output);
        return [.. hidden, .. all.Slice(layout.HiddenBiasesOffset, hiddenUnits), .. output,
            .. all.Slice(layout.OutputBiasesOffset, classes)];
    }

    public static ReferenceNetwork Reference(NetworkParameters parameters)
    {
        NetworkShape shape = parameters.Shape;
        return new ReferenceNetwork(shape.InputCount, shape.HiddenUnits, shape.OutputCount, shape.Activation,
            Array.ConvertAll(Of(parameters), x => (double)x));
    }
}
