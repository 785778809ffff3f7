using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>All parameters in one aligned block: hidden weights, hidden biases, output weights, output biases.</summary>
/// <remarks>The state of an optimizer is then a block of the same length, and an update or a copy is one loop.</remarks>
internal sealed class NetworkParameters
{
    /// <summary>The bias of a padding output (one beyond the classes): softmax gives it the probability 0, so its gradient is 0.</summary>
    /// <remarks>The lowest float, so that no class has a lower logit; not -∞, which an update would turn into NaN (0 · ∞).</remarks>
    public const float PaddedLogit = float.MinValue;

    private readonly AlignedArray _block;

    /// <summary>Makes parameters that are all 0.</summary>
    public NetworkParameters(NetworkShape shape)
    {
        Shape = shape;
        HiddenLayout = new PanelLayout(shape.InputCount, shape.HiddenUnits);
        OutputLayout = new PanelLayout(shape.HiddenUnits, shape.OutputCount);
        HiddenBiasesOffset = HiddenLayout.Length;
        OutputWeightsOffset = HiddenBiasesOffset + HiddenLayout.PaddedOutputCount;
        OutputBiasesOffset = OutputWeightsOffset + OutputLayout.Length;
        _block = new AlignedArray(OutputBiasesOffset + OutputLayout.PaddedOutputCount);
        OutputBiases[shape.OutputCount..].Fill(shape.Link == OutputLink.Softmax ? PaddedLogit : 0);
    }

    public NetworkShape Shape { get; }

    /// <summary>Gets the layout of the weights from inputs to hidden units, which start at the beginning of the block.</summary>
    public PanelLayout HiddenLayout { get; }

    /// <summary>Gets the layout of the weights from hidden units to classes, which start at <see cref="OutputWeightsOffset"/>.</summary>
    public PanelLayout OutputLayout { get; }

    public int HiddenBiasesOffset { get; }

    public int OutputWeightsOffset { get; }

    public int OutputBiasesOffset { get; }

    public int Length => _block.Length;

    public Span<float> All => _block.Span;

    /// <summary>Gets the weights from inputs to hidden units, in the panels of <see cref="HiddenLayout"/>.</summary>
    public Span<float> HiddenWeights => _block.Slice(0, HiddenLayout.Length);

    /// <summary>Gets the biases of the hidden units, padded with 0.</summary>
    public Span<float> HiddenBiases => _block.Slice(HiddenBiasesOffset, HiddenLayout.PaddedOutputCount);

    /// <summary>Gets the weights from hidden units to classes, in the panels of <see cref="OutputLayout"/>.</summary>
    public Span<float> OutputWeights => _block.Slice(OutputWeightsOffset, OutputLayout.Length);

    /// <summary>Gets the biases of the classes, padded with <see cref="PaddedLogit"/>.</summary>
    public Span<float> OutputBiases => _block.Slice(OutputBiasesOffset, OutputLayout.PaddedOutputCount);

    /// <summary>The parameters of a range of hidden panels: weights and biases of their units, and the weights from them to the outputs.
    /// </summary>
    public IEnumerable<ParameterRange> RangesOf(PanelRange panels)
    {
        (int firstUnit, int unitCount) = HiddenLayout.OutputsOf(panels);
        if (panels.Count == 0)
        {
            yield break;
        }

        yield return new ParameterRange(HiddenLayout.Offset(panels.First), unitCount * HiddenLayout.InputCount, AreWeights: true);
        yield return new ParameterRange(HiddenBiasesOffset + firstUnit, unitCount, AreWeights: false);
        int rowCount = Math.Min(unitCount, Shape.HiddenUnits - firstUnit);
        for (int p = 0; p < OutputLayout.PanelCount; p++)
        {
            int width = OutputLayout.Width(p);
            yield return new ParameterRange(
                OutputWeightsOffset + OutputLayout.Offset(p) + firstUnit * width, rowCount * width, AreWeights: true);
        }
    }

    /// <summary>The biases of the outputs, which belong to no panel.</summary>
    public ParameterRange OutputBiasRange => new(OutputBiasesOffset, Length - OutputBiasesOffset, AreWeights: false);

    /// <summary>Gets the biases of the padding outputs, at the end of the block; see <see cref="PaddedLogit"/>.</summary>
    public ReadOnlySpan<float> Padding => OutputBiases[Shape.OutputCount..];

    /// <summary>Makes an independent copy.</summary>
    public NetworkParameters Clone()
    {
        var copy = new NetworkParameters(Shape);
        All.CopyTo(copy.All);
        return copy;
    }

    /// <summary>Multiplies the weights of input i by <c>factors[i]</c>, and adds to each bias <c>Σᵢ offsets[i] · w[i]</c>, where w are the
    /// weights of <paramref name="offsetsByNew"/>.</summary>
    /// <param name="offsetsByNew">True if w are the weights after the multiplication, false if those before it.</param>
    /// <remarks>After a call with <c>(s, c, false)</c> the network computes from features (x - c) / s what it computed from x before.
    /// A call with <c>(1 / s, -c, true)</c> is the inverse.</remarks>
    public void ChangeInputs(ReadOnlySpan<float> factors, ReadOnlySpan<float> offsets, bool offsetsByNew)
    {
        for (int p = 0; p < HiddenLayout.PanelCount; p++)
        {
            int width = HiddenLayout.Width(p);
            double[] sums = new double[width];                                     // double: offsets may be a million times the result
            for (int i = 0; i < HiddenLayout.InputCount; i++)
            {
                Span<float> row = HiddenWeights.Slice(HiddenLayout.Offset(p) + i * width, width);
                AddTo(sums, row, offsetsByNew ? 0 : offsets[i]);
                TensorPrimitives.Multiply(row, factors[i], row);
                AddTo(sums, row, offsetsByNew ? offsets[i] : 0);
            }

            Span<float> biases = HiddenBiases.Slice(PanelLayout.FirstOutput(p), width);
            for (int h = 0; h < width; h++)
            {
                biases[h] = (float)(biases[h] + sums[h]);
            }
        }

        static void AddTo(double[] sums, ReadOnlySpan<float> weights, double offset)
        {
            for (int h = 0; h < weights.Length && offset != 0; h++)
            {
                sums[h] += offset * weights[h];
            }
        }
    }

    /// <summary>Changes the unit of each output k: <c>z[k]</c> becomes <c>factors[k] · z[k] + offsets[k]</c>.</summary>
    public void ChangeOutputs(ReadOnlySpan<double> factors, ReadOnlySpan<double> offsets)
    {
        for (int k = 0; k < Shape.OutputCount; k++)
        {
            for (int h = 0; h < Shape.HiddenUnits; h++)
            {
                ref float weight = ref OutputWeights[OutputLayout.IndexOf(h, k)];
                weight = (float)(weight * factors[k]);
            }

            OutputBiases[k] = (float)(OutputBiases[k] * factors[k] + offsets[k]);
        }
    }

    /// <summary>Sets the weights of one input to 0.</summary>
    public void ClearInput(int input)
    {
        for (int p = 0; p < HiddenLayout.PanelCount; p++)
        {
            HiddenWeights.Slice(HiddenLayout.Offset(p) + input * HiddenLayout.Width(p), HiddenLayout.Width(p)).Clear();
        }
    }

    /// <summary>Copies parameters from their public, row-major form.</summary>
    /// <param name="hiddenWeights">Row-major <c>[H, I]</c>.</param>
    /// <param name="hiddenBiases"><c>[H]</c>.</param>
    /// <param name="outputWeights">Row-major <c>[C, H]</c>.</param>
    /// <param name="outputBiases"><c>[C]</c>.</param>
    public void FromRowMajor(
        ReadOnlySpan<float> hiddenWeights, ReadOnlySpan<float> hiddenBiases, ReadOnlySpan<float> outputWeights,
        ReadOnlySpan<float> outputBiases)
    {
        HiddenLayout.FromRowMajor(hiddenWeights, HiddenWeights);
        hiddenBiases.CopyTo(HiddenBiases);
        OutputLayout.FromRowMajor(outputWeights, OutputWeights);
        outputBiases.CopyTo(OutputBiases);
    }
}

/// <summary>A range of <see cref="NetworkParameters.All"/>, of weights only or of biases only.</summary>
internal readonly record struct ParameterRange(int Offset, int Length, bool AreWeights);

/// <summary>Draws the initial parameters at random.</summary>
internal static class WeightInitializer
{
    /// <summary>The stream number of this generator. Those of the epochs start at 1.</summary>
    private const ulong Purpose = 0;

    public static NetworkParameters Create(NetworkShape shape, WeightInitialization initialization, int seed)
    {
        var parameters = new NetworkParameters(shape);
        var random = new SeededRandom(seed, Purpose);
        float[] hidden = Draw(ref random, shape.InputCount, shape.HiddenUnits, initialization);
        float[] output = Draw(ref random, shape.HiddenUnits, shape.OutputCount, initialization);
        float bias = initialization == WeightInitialization.UniformHalf ? -0.5f : 0;
        parameters.HiddenLayout.FromRowMajor(hidden, parameters.HiddenWeights);
        parameters.HiddenBiases[..shape.HiddenUnits].Fill(bias);
        parameters.OutputLayout.FromRowMajor(output, parameters.OutputWeights);
        parameters.OutputBiases[..shape.OutputCount].Fill(bias);
        return parameters;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float[] Draw(ref SeededRandom random, int inputs, int outputs, WeightInitialization initialization)
    {
        float limit = initialization switch
        {
            // A variance of 1 / inputs would keep the variance of the signal; it is doubled because ReLU halves it.
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
