using System.Diagnostics;
using System.Globalization;
using MnistMlNet.Extensibility;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;
using MnistMlNet.Serialization.Npz;
using MnistMlNet.Serialization.Onnx;

namespace MnistMlNet;

/// <summary>
/// A trained network of one hidden layer: <c>z₂ = W2 · f(W1 · x + b1) + b2</c>. What z₂ becomes, depends on the task. Immutable; any
/// number of threads may use it at the same time.
/// </summary>
/// <remarks>
/// The result for a row doesn't depend on the other rows of a batch, nor on whether zeros are stored.
/// </remarks>
[DebuggerDisplay("{OneLine,nq}")]
public abstract class TwoLayerNetworkModelParametersBase : LoadableModelParametersBase
{
    private float[]? _hiddenWeights;
    private float[]? _outputWeights;
    private float[]? _hiddenBiases;
    private float[]? _outputBiases;

    internal TwoLayerNetworkModelParametersBase(NetworkParameters network)
    {
        Network = network;
        Predictor = new Predictor(KernelSelector.Best, network);
    }

    /// <summary>Gets the number of features I of a row.</summary>
    public int InputCount => Network.Shape.InputCount;

    /// <summary>Gets the number of hidden units H.</summary>
    public int HiddenUnits => Network.Shape.HiddenUnits;

    /// <summary>Gets the number of outputs C: one for each class or label or number; for two classes a single one.</summary>
    public int OutputCount => Network.Shape.OutputCount;

    /// <summary>Gets the activation function f of the hidden units.</summary>
    public Activation Activation => Network.Shape.Activation;

    /// <summary>Gets W1, the weights from inputs to hidden units: row-major <c>[H, I]</c>.</summary>
    public ReadOnlyMemory<float> HiddenWeights => _hiddenWeights ??= RowMajor(Network.HiddenLayout, Network.HiddenWeights);

    /// <summary>Gets b1, the biases of the hidden units: <c>[H]</c>.</summary>
    public ReadOnlyMemory<float> HiddenBiases => _hiddenBiases ??= Network.HiddenBiases[..HiddenUnits].ToArray();

    /// <summary>Gets W2, the weights from hidden units to classes: row-major <c>[C, H]</c>.</summary>
    public ReadOnlyMemory<float> OutputWeights => _outputWeights ??= RowMajor(Network.OutputLayout, Network.OutputWeights);

    /// <summary>Gets b2, the biases of the classes: <c>[C]</c>.</summary>
    public ReadOnlyMemory<float> OutputBiases => _outputBiases ??= Network.OutputBiases[..OutputCount].ToArray();

    /// <summary>Gets the same parameters in the memory layout of the kernels.</summary>
    internal NetworkParameters Network { get; }

    /// <summary>Gets the object that computes the probabilities.</summary>
    internal Predictor Predictor { get; }

    /// <summary>
    /// Computes the activations of the hidden units for one row: <c>f(W1 · x + b1)</c>, from which <c>Predict</c> computes the
    /// probabilities.
    /// </summary>
    /// <param name="features"><c>[I]</c>, scaled as the training rows were.</param>
    /// <param name="activations"><c>[H]</c>, overwritten; with <see cref="Activation.Relu"/> a unit is active where its value is above 0.
    /// All NaN where a feature is NaN or infinite.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void ComputeHiddenActivations(ReadOnlySpan<float> features, Span<float> activations)
    {
        CheckFeatures(features);
        if (activations.Length != HiddenUnits)
        {
            throw new ArgumentException(
                $"activations has room for {activations.Length} values; the network has {HiddenUnits} hidden units.", nameof(activations));
        }

        Predictor.ComputeHiddenActivations(features, activations);
    }

    /// <summary>
    /// Writes the parameters as a NumPy archive: <c>numpy.load(path)</c> returns the float32 arrays w1 <c>(H, I)</c>, b1 <c>(H,)</c>, w2
    /// <c>(C, H)</c>, b2 <c>(C,)</c>.
    /// </summary>
    /// <param name="path">The file to write; an existing one is replaced only when the new one is complete.</param>
    /// <remarks>
    /// The archive doesn't contain the activation function and the class names: <c>LoadNpz</c> takes the function as an argument.
    /// </remarks>
    /// <exception cref="IOException">The file can't be written; the message names it, and an existing file stays unchanged.</exception>
    public void SaveNpz(string path) => AtomicFile.Write(path, stream => NpzFile.Write(stream, this));

    /// <summary>Writes the network as an ONNX model (opset 13) for batches of any number N of rows.</summary>
    /// <param name="path">The file to write; an existing one is replaced only when the new one is complete.</param>
    /// <remarks>
    /// <para>Input: <c>features</c>, float <c>[N, I]</c>, scaled as the training rows were. Outputs, by task:</para>
    /// <list type="table">
    /// <item><term>many classes</term><description><c>probabilities</c>, float <c>[N, C]</c>, and <c>label</c>, <c>[N]</c>, the most
    /// probable class, the first one of equal classes: a string, the name of the class, where the names come from labels, else an
    /// int64, its index from 0; <c>""</c> or -1 where a feature is NaN or infinite</description></item>
    /// <item><term>two classes</term><description><c>score</c>, the logit, and <c>probability</c>, float <c>[N, 1]</c>; <c>label</c>, bool
    /// <c>[N, 1]</c></description></item>
    /// <item><term>regression</term><description><c>score</c>, float <c>[N, C]</c></description></item>
    /// <item><term>several labels</term><description><c>probabilities</c>, float <c>[N, C]</c>, and <c>labels</c>, bool
    /// <c>[N, C]</c></description></item>
    /// </list>
    /// <para>A row with a feature that is NaN or infinite has NaN for all numbers. Other runtimes add in another order, so their numbers
    /// differ by some 1e-6.</para>
    /// <para>The steps before the network, such as a normalizer, aren't in the file; to write them too, use
    /// <see cref="Microsoft.ML.ModelOperationsCatalogExtensions.SaveOnnx"/>.</para>
    /// </remarks>
    /// <exception cref="NotSupportedException">The file would have 2 GiB or more, which the encoding of ONNX (Protocol Buffers) can't
    /// hold.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder of <paramref name="path"/> doesn't exist.</exception>
    /// <exception cref="IOException">The file can't be written; the message names it, and an existing file stays unchanged.</exception>
    public void SaveOnnx(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OnnxNetwork.Write(this, path);
    }

    private string OneLine => ModelSummary.OneLine(Network.Shape);

    /// <summary>
    /// Gives a summary of some lines: the layers with their shapes, activations and numbers of parameters, and the names of the outputs.
    /// </summary>
    /// <returns>The summary.</returns>
    public override string ToString() => ModelSummary.Of(this);

    internal override int FeatureCount => InputCount;

    // Only the model of two classes is saved without a transformer of ours.
    internal override void WritePayload(Stream stream) => throw new UnreachableException();

    /// <summary>Makes the parameters of a network from row-major spans.</summary>
    internal static NetworkParameters CreateNetwork(
        NetworkShape shape, string outputCountName, ReadOnlySpan<float> hiddenWeights, ReadOnlySpan<float> hiddenBiases,
        ReadOnlySpan<float> outputWeights, ReadOnlySpan<float> outputBiases)
    {
        CheckValues(hiddenWeights, (long)shape.HiddenUnits * shape.InputCount, nameof(hiddenWeights), "hiddenUnits × inputCount");
        CheckValues(hiddenBiases, shape.HiddenUnits, nameof(hiddenBiases), "hiddenUnits");
        CheckValues(
            outputWeights, (long)shape.OutputCount * shape.HiddenUnits, nameof(outputWeights), $"{outputCountName} × hiddenUnits");
        CheckValues(outputBiases, shape.OutputCount, nameof(outputBiases), outputCountName);
        var network = new NetworkParameters(shape);
        network.FromRowMajor(hiddenWeights, hiddenBiases, outputWeights, outputBiases);
        return network;
    }

    // The name of the argument that gets the scores, and what the outputs are called in errors.
    private protected void PredictRow(ReadOnlySpan<float> features, Span<float> scores, string name, string outputs)
    {
        CheckFeatures(features);
        if (scores.Length != OutputCount)
        {
            throw new ArgumentException(
                $"{name} has room for {scores.Length} values; the network has {OutputCount} {outputs}.", name);
        }

        Predictor.Predict(features, scores);
    }

    private protected void PredictRows(
        ReadOnlySpan<float> features, Span<float> scores, string name, string outputs, int? numberOfThreads = null)
    {
        (int rows, int rest) = Math.DivRem(features.Length, InputCount);
        if (rest != 0)
        {
            throw new ArgumentException(
                $"features has {features.Length} values; a multiple of the network's {InputCount} inputs is expected.", nameof(features));
        }

        if (scores.Length != (long)rows * OutputCount)
        {
            throw new ArgumentException(
                $"{name} has room for {scores.Length} values; {rows} rows of {OutputCount} {outputs} need "
                    + $"{(long)rows * OutputCount}.", name);
        }

        if (numberOfThreads < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(numberOfThreads), numberOfThreads, $"numberOfThreads is {numberOfThreads}; it must be 1 or more.");
        }

        ParallelPrediction.Run(Predictor, features, scores, numberOfThreads ?? int.MaxValue);
    }

    private protected void ComputeSaliencyOf(
        ReadOnlySpan<float> features, int output, Span<float> gradient, string name, string outputs)
    {
        CheckFeatures(features);
        if (output < 0 || output >= OutputCount)
        {
            throw new ArgumentOutOfRangeException(name, output,
                $"{name} must be 0 to {OutputCount - 1}: the network has {OutputCount} {outputs}.");
        }

        if (gradient.Length != InputCount)
        {
            throw new ArgumentException($"gradient has room for {gradient.Length} values; the network has {InputCount} inputs.",
                nameof(gradient));
        }

        Predictor.ComputeSaliency(features, output, gradient);
    }

    private void CheckFeatures(ReadOnlySpan<float> features)
    {
        if (features.Length != InputCount)
        {
            throw new ArgumentException($"features has {features.Length} values; the network has {InputCount} inputs.", nameof(features));
        }
    }

    private static float[] RowMajor(PanelLayout layout, ReadOnlySpan<float> panels)
    {
        float[] weights = new float[layout.InputCount * layout.OutputCount];
        layout.ToRowMajor(panels, weights);
        return weights;
    }

    private static void CheckValues(ReadOnlySpan<float> values, long expectedLength, string name, string expected)
    {
        if (values.Length != expectedLength)
        {
            throw new ArgumentException($"{name} has {values.Length} values; {expected} = {expectedLength} are expected.", name);
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"{name}[{i}] is {values[i].ToString(CultureInfo.InvariantCulture)}; a finite number is expected.", name);
            }
        }
    }
}
