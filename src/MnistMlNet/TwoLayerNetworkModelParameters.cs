using System.Collections.Immutable;
using MnistMlNet.Data;
using MnistMlNet.Network;
using MnistMlNet.Serialization.Npz;

namespace MnistMlNet;

/// <summary>
/// A trained network of one hidden layer for many classes: <c>p = softmax(W2 · f(W1 · x + b1) + b2)</c>. Immutable; any number of threads
/// may use it at the same time.
/// </summary>
/// <remarks>
/// Made by <see cref="TwoLayerNetworkTrainer"/>, by <see cref="Create"/> from parameters of any origin, or by <see cref="LoadNpz"/>.
/// The result for a row doesn't depend on the other rows of a batch, nor on whether zeros are stored.
/// </remarks>
public sealed class TwoLayerNetworkModelParameters : TwoLayerNetworkModelParametersBase
{
    internal TwoLayerNetworkModelParameters(NetworkParameters network, ImmutableArray<string> classNames)
        : base(network)
    {
        HasClassNames = !classNames.IsDefault;
        ClassNames = classNames.IsDefault ? [.. ClassLabels.Numbered(network.Shape.OutputCount)] : classNames;
    }

    /// <summary>Gets the number of classes C.</summary>
    public int ClassCount => OutputCount;

    /// <summary>
    /// Gets the names of the classes in the order of the probabilities: the label column's key values as text, or "0", "1", … where the
    /// column has no key values.
    /// </summary>
    public ImmutableArray<string> ClassNames { get; }

    /// <summary>
    /// Gets a value indicating whether <see cref="ClassNames"/> are the key values of a label column, and not generated numbers.
    /// </summary>
    internal bool HasClassNames { get; }

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
        return new TwoLayerNetworkModelParameters(
            CreateNetwork(shape, nameof(classCount), hiddenWeights, hiddenBiases, outputWeights, outputBiases), default);
    }

    /// <summary>Computes the class probabilities of one row.</summary>
    /// <param name="features"><c>[I]</c>, scaled as the training rows were.</param>
    /// <param name="probabilities"><c>[C]</c>, overwritten: each within 0..1, with the sum 1. All NaN where a feature is NaN or
    /// infinite.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> probabilities) =>
        PredictRow(features, probabilities, nameof(probabilities), "classes");

    /// <summary>
    /// Computes the class probabilities of any number of rows. They are bit-identical to those of <see cref="Predict"/> for each row.
    /// </summary>
    /// <param name="features">Row-major <c>[rows, I]</c>, scaled as the training rows were.</param>
    /// <param name="probabilities">Row-major <c>[rows, C]</c>, overwritten.</param>
    /// <remarks>
    /// A large batch is computed on the calling thread and on threads of the thread pool, on all processors that are free; a small one on
    /// the calling thread alone. The result is the same for any number of threads.
    /// </remarks>
    /// <exception cref="ArgumentException">The length of <paramref name="features"/> isn't a multiple of the inputs, or the
    /// length of <paramref name="probabilities"/> doesn't match the number of rows.</exception>
    public void PredictBatch(ReadOnlySpan<float> features, Span<float> probabilities) =>
        PredictRows(features, probabilities, nameof(probabilities), "classes");

    /// <inheritdoc cref="PredictBatch(ReadOnlySpan{float}, Span{float})" path="/*[not(self::param)]"/>
    /// <param name="features">Row-major <c>[rows, I]</c>, scaled as the training rows were.</param>
    /// <param name="probabilities">Row-major <c>[rows, C]</c>, overwritten.</param>
    /// <param name="numberOfThreads">The maximum number of threads, the calling one included, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="numberOfThreads"/> is less than 1.</exception>
    public void PredictBatch(ReadOnlySpan<float> features, Span<float> probabilities, int numberOfThreads) =>
        PredictRows(features, probabilities, nameof(probabilities), "classes", numberOfThreads);

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
    public void ComputeSaliency(ReadOnlySpan<float> features, int classIndex, Span<float> gradient) =>
        ComputeSaliencyOf(features, classIndex, gradient, nameof(classIndex), "classes");

    /// <summary>
    /// Reads a NumPy archive with the arrays w1 <c>(H, I)</c>, b1 <c>(H,)</c> or <c>(H, 1)</c>, w2 <c>(C, H)</c>, b2 <c>(C,)</c> or <c>(C,
    /// 1)</c>, in float32 or float64, C or Fortran order.
    /// </summary>
    /// <param name="path">The file, as written by <c>numpy.savez</c>, <c>numpy.savez_compressed</c> or
    /// <see cref="TwoLayerNetworkModelParametersBase.SaveNpz"/>.</param>
    /// <param name="activation">The activation function of the hidden units, which the archive doesn't contain.</param>
    /// <returns>The network, with classes named "0", "1", ….</returns>
    /// <exception cref="FileNotFoundException">The file doesn't exist.</exception>
    /// <exception cref="IOException">The path leads to a folder, a FIFO or a device, not to a regular file.</exception>
    /// <exception cref="InvalidDataException">The file isn't such an archive; the message names the file, the array, the value found and
    /// the value expected.</exception>
    public static TwoLayerNetworkModelParameters LoadNpz(string path, Activation activation = Activation.Relu) =>
        new(NpzFile.Read(path, activation, OutputLink.Softmax), default);
}
