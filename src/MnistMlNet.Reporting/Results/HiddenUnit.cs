namespace MnistMlNet.Reporting.Results;

/// <summary>One unit of the hidden layer: its weights from the inputs, and its effect on the outputs.</summary>
internal sealed class HiddenUnit
{
    private readonly float[] _effects;

    /// <param name="network">The network.</param>
    /// <param name="index">The unit's index in the hidden layer, from 0.</param>
    /// <param name="scales">A factor of each input's weight, so that inputs of different units compare.</param>
    public HiddenUnit(TwoLayerNetworkModelParametersBase network, int index, IReadOnlyList<double> scales)
    {
        Index = index;
        Weights = [.. network.HiddenWeights.Span.Slice(index * network.InputCount, network.InputCount)
            .ToArray().Select((weight, input) => (float)(weight * scales[input]))];
        OutputWeights = [.. Enumerable.Range(0, network.OutputCount)
            .Select(output => network.OutputWeights.Span[(output * network.HiddenUnits) + index])];

        // softmax doesn't change if the same number is added to all classes, so only the difference from their mean counts.
        float mean = network is TwoLayerNetworkModelParameters ? OutputWeights.Average() : 0;
        _effects = [.. OutputWeights.Select(weight => weight - mean)];
    }

    /// <summary>Its index in the hidden layer, from 0.</summary>
    public int Index { get; }

    /// <summary>The weights from the inputs, <c>[I]</c>, times the scales.</summary>
    public float[] Weights { get; }

    /// <summary>The weights to the outputs, <c>[K]</c>.</summary>
    public float[] OutputWeights { get; }

    /// <summary>The weights to the outputs as far as they change the prediction.</summary>
    public IReadOnlyList<float> Effects => _effects;

    /// <summary>The strength of the unit: the norm of its input weights times the norm of its effects on the outputs.</summary>
    public double Strength => Norm(Weights) * Norm(_effects);

    /// <summary>All units of a network.</summary>
    public static HiddenUnit[] All(TwoLayerNetworkModelParametersBase network, IReadOnlyList<double> scales) =>
        [.. Enumerable.Range(0, network.HiddenUnits).Select(index => new HiddenUnit(network, index, scales))];

    /// <summary>
    /// Whether the unit has any effect compared with <paramref name="strongest"/>; the weights of a unit that is never active decay during
    /// training.
    /// </summary>
    public bool IsAlive(HiddenUnit strongest) => Strength > 0.01 * strongest.Strength;

    /// <summary>The outputs that it raises most, two at most, the strongest first.</summary>
    public int[] Raised() => [.. Order().TakeLast(2).Reverse().Where(output => _effects[output] > 0)];

    /// <summary>The outputs that it lowers most, two at most, the strongest first.</summary>
    public int[] Lowered() => [.. Order().Take(2).Where(output => _effects[output] < 0)];

    private IOrderedEnumerable<int> Order() => Enumerable.Range(0, _effects.Length).OrderBy(output => _effects[output]);

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));
}
