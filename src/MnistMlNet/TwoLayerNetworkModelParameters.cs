using System.Collections.Immutable;
using System.Globalization;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;
using MnistMlNet.Serialization.Npz;
using MnistMlNet.Serialization.Onnx;

namespace MnistMlNet;

/// <summary>
/// A trained network with one hidden layer: <c>p = softmax(W2 · f(W1 · x + b1) + b2)</c>. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Created by <see cref="TwoLayerNetworkTrainer"/>, by <see cref="Create"/> from given parameters, or by <see cref="LoadNpz"/>.
/// The result for a row doesn't depend on the other rows of a batch, nor on whether the row is sparse or dense.
/// </remarks>
public sealed class TwoLayerNetworkModelParameters
{
    private float[]? _hiddenWeights;
    private float[]? _outputWeights;
    private float[]? _hiddenBiases;
    private float[]? _outputBiases;

    internal TwoLayerNetworkModelParameters(NetworkParameters network, ImmutableArray<string> classNames)
    {
        Network = network;
        HasClassNames = !classNames.IsDefault;
        ClassNames = classNames.IsDefault ? [.. ClassLabels.Numbered(network.Shape.ClassCount)] : classNames;
        Predictor = new Predictor(KernelSelector.Best, network);
    }

    /// <summary>Gets the number of features I of a row.</summary>
    public int InputCount => Network.Shape.InputCount;

    /// <summary>Gets the number of hidden units H.</summary>
    public int HiddenUnits => Network.Shape.HiddenUnits;

    /// <summary>Gets the number of classes C.</summary>
    public int ClassCount => Network.Shape.ClassCount;

    /// <summary>Gets the activation function f of the hidden units.</summary>
    public Activation Activation => Network.Shape.Activation;

    /// <summary>
    /// Gets the names of the classes in the order of the probabilities: the label column's key values as text, or "0", "1", … where the
    /// column has no key values.
    /// </summary>
    public ImmutableArray<string> ClassNames { get; }

    /// <summary>
    /// Gets a value indicating whether <see cref="ClassNames"/> are the key values of a label column, and not generated numbers.
    /// </summary>
    internal bool HasClassNames { get; }

    /// <summary>Gets W1, the weights from inputs to hidden units: row-major <c>[H, I]</c>.</summary>
    public ReadOnlyMemory<float> HiddenWeights => _hiddenWeights ??= RowMajor(Network.HiddenLayout, Network.HiddenWeights);

    /// <summary>Gets b1, the biases of the hidden units: <c>[H]</c>.</summary>
    public ReadOnlyMemory<float> HiddenBiases => _hiddenBiases ??= Network.HiddenBiases[..HiddenUnits].ToArray();

    /// <summary>Gets W2, the weights from hidden units to classes: row-major <c>[C, H]</c>.</summary>
    public ReadOnlyMemory<float> OutputWeights => _outputWeights ??= RowMajor(Network.OutputLayout, Network.OutputWeights);

    /// <summary>Gets b2, the biases of the classes: <c>[C]</c>.</summary>
    public ReadOnlyMemory<float> OutputBiases => _outputBiases ??= Network.OutputBiases[..ClassCount].ToArray();

    /// <summary>Gets the same parameters in the memory layout of the kernels.</summary>
    internal NetworkParameters Network { get; }

    /// <summary>Gets the object that computes the probabilities.</summary>
    internal Predictor Predictor { get; }

    /// <summary>Creates a network from given parameters, which are copied. The classes are named "0", "1", ….</summary>
    /// <param name="inputCount">I, 1 to 16,777,216.</param>
    /// <param name="hiddenUnits">H, 1 to 16,777,216.</param>
    /// <param name="classCount">C, 2 to 16,777,216.</param>
    /// <param name="hiddenWeights">W1, row-major <c>[H, I]</c>; finite.</param>
    /// <param name="hiddenBiases">b1, <c>[H]</c>; finite.</param>
    /// <param name="outputWeights">W2, row-major <c>[C, H]</c>; finite.</param>
    /// <param name="outputBiases">b2, <c>[C]</c>; finite.</param>
    /// <param name="activation">The activation function of the hidden units.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is out of range, or the network would have more than 2³⁰
    /// parameters.</exception>
    /// <exception cref="ArgumentException">The length of a span doesn't match the counts, or a value isn't finite.</exception>
    public static TwoLayerNetworkModelParameters Create(
        int inputCount, int hiddenUnits, int classCount,
        ReadOnlySpan<float> hiddenWeights, ReadOnlySpan<float> hiddenBiases, ReadOnlySpan<float> outputWeights,
        ReadOnlySpan<float> outputBiases,
        Activation activation = Activation.Relu)
    {
        var shape = new NetworkShape(inputCount, hiddenUnits, classCount, activation);
        CheckValues(hiddenWeights, (long)hiddenUnits * inputCount, nameof(hiddenWeights), "hiddenUnits × inputCount");
        CheckValues(hiddenBiases, hiddenUnits, nameof(hiddenBiases), "hiddenUnits");
        CheckValues(outputWeights, (long)classCount * hiddenUnits, nameof(outputWeights), "classCount × hiddenUnits");
        CheckValues(outputBiases, classCount, nameof(outputBiases), "classCount");
        var network = new NetworkParameters(shape);
        network.FromRowMajor(hiddenWeights, hiddenBiases, outputWeights, outputBiases);
        return new TwoLayerNetworkModelParameters(network, default);
    }

    /// <summary>Computes the class probabilities of one row.</summary>
    /// <param name="features"><c>[I]</c>, scaled as the training rows were.</param>
    /// <param name="probabilities"><c>[C]</c>, overwritten: each within 0..1, with the sum 1. All NaN where a feature is NaN or
    /// infinite.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> probabilities)
    {
        CheckFeatures(features);
        if (probabilities.Length != ClassCount)
        {
            throw new ArgumentException($"probabilities has room for {probabilities.Length} values; the network has {ClassCount} classes.",
                nameof(probabilities));
        }

        Predictor.Predict(features, probabilities);
    }

    /// <summary>
    /// Computes the class probabilities of any number of rows. They are bit-identical to those of <see cref="Predict"/> for each row.
    /// </summary>
    /// <param name="features">Row-major <c>[rows, I]</c>, scaled as the training rows were.</param>
    /// <param name="probabilities">Row-major <c>[rows, C]</c>, overwritten.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="features"/> isn't a multiple of <see cref="InputCount"/>, or the
    /// length of <paramref name="probabilities"/> doesn't match the number of rows.</exception>
    public void PredictBatch(ReadOnlySpan<float> features, Span<float> probabilities)
    {
        (int rows, int rest) = Math.DivRem(features.Length, InputCount);
        if (rest != 0)
        {
            throw new ArgumentException(
                $"features has {features.Length} values; a multiple of the network's {InputCount} inputs is wanted.", nameof(features));
        }

        if (probabilities.Length != (long)rows * ClassCount)
        {
            throw new ArgumentException(
                $"probabilities has room for {probabilities.Length} values; {rows} rows of {ClassCount} classes need "
                    + $"{(long)rows * ClassCount}.", nameof(probabilities));
        }

        Predictor.Predict(features, probabilities);
    }

    /// <summary>
    /// Computes the class probabilities of one row and returns them with the names of the classes, the most probable first.
    /// </summary>
    /// <param name="features"><c>[I]</c>, scaled as the training rows were.</param>
    /// <returns>One entry for each class, in descending order of probability; classes of equal probability are in the order of
    /// <see cref="ClassNames"/>. The probabilities are bit-identical to those of <see cref="Predict"/>. Where a feature is NaN or infinite,
    /// all are NaN and the order is that of <see cref="ClassNames"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="features"/> has the wrong length.</exception>
    public ImmutableArray<ClassProbability> GetClassProbabilities(ReadOnlySpan<float> features)
    {
        float[] probabilities = new float[ClassCount];
        Predict(features, probabilities);

        // A stable sort: equal probabilities keep the order of the classes.
        return [.. probabilities.Select((probability, c) => new ClassProbability(ClassNames[c], probability)).OrderByDescending(entry =>
            entry.Probability)];
    }

    /// <summary>
    /// Computes the gradient of a class's logit with respect to the features of one row: the saliency map of Simonyan et al. 2013, but with
    /// signs.
    /// </summary>
    /// <param name="features">x, <c>[I]</c>, scaled as the training rows were.</param>
    /// <param name="classIndex">c, 0 to <see cref="ClassCount"/> - 1: the index in <see cref="ClassNames"/>; for the key of a predicted
    /// label, key - 1.</param>
    /// <param name="gradient"><c>[I]</c>, overwritten with <c>∂z₂[c] / ∂x = W1ᵀ · (f'(z₁) ∘ W2[c, :])</c>, where <c>z₁ = W1 · x + b1</c>
    /// and <c>z₂ = W2 · f(z₁) + b2</c>; in logits per unit of a feature. All NaN where a feature is NaN or infinite.</param>
    /// <remarks>
    /// <para>This is the gradient of the logit, not of the probability, as in Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional
    /// Networks" (arXiv:1312.6034), section 3: a probability also rises where only the logits of other classes fall, and its gradient
    /// vanishes for rows that the network classifies with a probability near 1. The maps of the paper show absolute values. The gradient of
    /// the log-probability follows from those of the logits:
    /// <c>∂ ln p[c] / ∂x = ∂z₂[c] / ∂x - Σₖ p[k] · ∂z₂[k] / ∂x</c>.</para>
    /// <para>The derivative of ReLU at 0 is taken as 0. No memory is allocated after a thread's first call.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classIndex"/> isn't the index of a class.</exception>
    public void ComputeSaliency(ReadOnlySpan<float> features, int classIndex, Span<float> gradient)
    {
        CheckFeatures(features);
        if (classIndex < 0 || classIndex >= ClassCount)
        {
            throw new ArgumentOutOfRangeException(nameof(classIndex), classIndex,
                $"classIndex must be 0 to {ClassCount - 1}: the network has {ClassCount} classes.");
        }

        if (gradient.Length != InputCount)
        {
            throw new ArgumentException($"gradient has room for {gradient.Length} values; the network has {InputCount} inputs.",
                nameof(gradient));
        }

        Predictor.ComputeSaliency(features, classIndex, gradient);
    }

    /// <summary>
    /// Computes the activations of the hidden units for one row: <c>f(W1 · x + b1)</c>, from which <see cref="Predict"/> computes the
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
    /// The archive doesn't contain the activation function and the class names: <see cref="LoadNpz"/> takes the function as an argument.
    /// </remarks>
    /// <exception cref="IOException">The file can't be written; the message names it, and an existing file stays unchanged.</exception>
    public void SaveNpz(string path) => AtomicFile.Write(path, stream => NpzFile.Write(stream, this));

    /// <summary>
    /// Reads a NumPy archive with the arrays w1 <c>(H, I)</c>, b1 <c>(H,)</c> or <c>(H, 1)</c>, w2 <c>(C, H)</c>, b2 <c>(C,)</c> or <c>(C,
    /// 1)</c>, in float32 or float64, C or Fortran order.
    /// </summary>
    /// <param name="path">The file, as written by <c>numpy.savez</c>, <c>numpy.savez_compressed</c> or <see cref="SaveNpz"/>.</param>
    /// <param name="activation">The activation function of the hidden units, which the archive doesn't contain.</param>
    /// <returns>The network, with classes named "0", "1", ….</returns>
    /// <exception cref="FileNotFoundException">The file doesn't exist.</exception>
    /// <exception cref="IOException">The path leads to a folder, a FIFO or a device, not to a regular file.</exception>
    /// <exception cref="InvalidDataException">The file isn't such an archive; the message names the file, the array, the value found and
    /// the value expected.</exception>
    public static TwoLayerNetworkModelParameters LoadNpz(string path, Activation activation = Activation.Relu) =>
        NpzFile.Read(path, activation);

    /// <summary>Writes the network as an ONNX model (opset 13) for batches of any number N of rows.</summary>
    /// <param name="path">The file to write; an existing one is replaced only when the new one is complete.</param>
    /// <remarks>
    /// <para>Input: <c>features</c>, float <c>[N, I]</c>, scaled as the training rows were. Outputs: <c>probabilities</c>, float <c>[N,
    /// C]</c>, and <c>label</c>, <c>[N]</c>, the most probable class, the first one of equal classes. <c>label</c> is a string, the name of
    /// the class, where <see cref="ClassNames"/> come from labels; otherwise, for example after <see cref="Create"/> or
    /// <see cref="LoadNpz"/>, an int64, its index from 0.</para>
    /// <para>A row with a feature that is NaN or infinite has NaN for all probabilities, and <c>""</c> or -1 for the label. Other runtimes
    /// sum in a different order, so probabilities differ from those of <see cref="Predict"/> by about 1e-6.</para>
    /// <para>Transformers before the network, such as a normalizer, aren't in the file; to write them too, use
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
            throw new ArgumentException($"{name} has {values.Length} values; {expected} = {expectedLength} are wanted.", name);
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"{name}[{i}] is {values[i].ToString(CultureInfo.InvariantCulture)}; a finite number is wanted.", name);
            }
        }
    }
}
