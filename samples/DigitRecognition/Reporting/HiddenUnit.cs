using MnistMlNet;

namespace DigitRecognition.Reporting;

/// <summary>One unit of the hidden layer: its weights from the inputs, and its effect on the classes.</summary>
internal sealed class HiddenUnit
{
    private readonly float[] _votes;

    public HiddenUnit(TwoLayerNetworkModelParameters network, int index)
    {
        Index = index;
        Weights = network.HiddenWeights.Slice(index * network.InputCount, network.InputCount);

        // softmax doesn't change if the same number is added to all classes, so only the difference from their mean counts.
        float[] output = [
            .. Enumerable.Range(0, network.ClassCount).Select(label => network.OutputWeights.Span[(label * network.HiddenUnits) + index])];
        float mean = output.Average();
        _votes = [.. output.Select(weight => weight - mean)];
    }

    /// <summary>Its index in the hidden layer, from 0.</summary>
    public int Index { get; }

    /// <summary>The weights from the inputs, <c>[I]</c>.</summary>
    public ReadOnlyMemory<float> Weights { get; }

    /// <summary>The strength of the unit: the norm of its input weights times the norm of its effects on the classes.</summary>
    public double Strength => Length(Weights.Span) * Length(_votes);

    /// <summary>
    /// Whether the unit has any effect compared with <paramref name="strongest"/>; the weights of a unit that is never active decay during
    /// training.
    /// </summary>
    public bool IsAlive(HiddenUnit strongest) => Strength > 0.01 * strongest.Strength;

    /// <summary>The two classes whose logits it raises most, the strongest first.</summary>
    public int[] For() => [.. Order().TakeLast(2).Reverse()];

    /// <summary>The two classes whose logits it lowers most, the strongest first.</summary>
    public int[] Against() => [.. Order().Take(2)];

    private int[] Order() => [.. Enumerable.Range(0, _votes.Length).OrderBy(label => _votes[label])];

    private static double Length(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return Math.Sqrt(sum);
    }
}
