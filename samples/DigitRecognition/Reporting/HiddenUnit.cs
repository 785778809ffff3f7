using MnistMlNet;

namespace DigitRecognition.Reporting;

/// <summary>One unit of the hidden layer: what it looks for, and which classes its answer speaks for.</summary>
internal sealed class HiddenUnit
{
    private readonly float[] _votes;

    public HiddenUnit(TwoLayerNetworkModelParameters network, int index)
    {
        Index = index;
        Weights = network.HiddenWeights.Slice(index * network.InputCount, network.InputCount);

        // softmax doesn't change if all classes get the same, so only the difference to their mean is a vote.
        float[] output = [
            .. Enumerable.Range(0, network.ClassCount).Select(label => network.OutputWeights.Span[(label * network.HiddenUnits) + index])];
        float mean = output.Average();
        _votes = [.. output.Select(weight => weight - mean)];
    }

    /// <summary>Its place in the hidden layer, from 0.</summary>
    public int Index { get; }

    /// <summary>The weights from the inputs, <c>[I]</c>.</summary>
    public ReadOnlyMemory<float> Weights { get; }

    /// <summary>How much the unit can move: the length of its weights times that of its votes.</summary>
    public double Strength => Length(Weights.Span) * Length(_votes);

    /// <summary>Whether it does anything beside <paramref name="strongest"/>; training leaves a unit that never fires to shrink.</summary>
    public bool IsAlive(HiddenUnit strongest) => Strength > 0.01 * strongest.Strength;

    /// <summary>The two classes that it speaks most for, the first first.</summary>
    public int[] For() => [.. Order().TakeLast(2).Reverse()];

    /// <summary>The two classes that it speaks most against, the first first.</summary>
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
