using System.Collections.Immutable;
using MnistMlNet.Network;
using MnistMlNet.Serialization.Npz;

namespace MnistMlNet;

/// <summary>
/// A trained network of one hidden layer for several labels, of which any number can apply to a row:
/// <c>p[c] = 1 / (1 + exp(-z[c]))</c> with <c>z = W2 · f(W1 · x + b1) + b2</c>. Immutable; any number of threads may use it at the same
/// time.
/// </summary>
/// <remarks>
/// Made by <see cref="TwoLayerNetworkMultilabelTrainer"/>, by <see cref="Create"/> from parameters of any origin, or by
/// <see cref="LoadNpz"/>.
/// </remarks>
public sealed class TwoLayerNetworkMultilabelModelParameters : TwoLayerNetworkModelParametersBase
{
    internal TwoLayerNetworkMultilabelModelParameters(
        NetworkParameters network, ImmutableArray<string> labelNames, ImmutableArray<float> thresholds)
        : base(network)
    {
        LabelNames = labelNames;
        Thresholds = thresholds.IsDefault ? [.. Enumerable.Repeat(0.5f, network.Shape.OutputCount)] : thresholds;
    }

    /// <summary>Gets the names of the labels: the slot names of the label column; empty where it has none.</summary>
    public ImmutableArray<string> LabelNames { get; }

    /// <summary>Gets the probability from which on each label applies.</summary>
    /// <value>Within 0..1; 0.5 unless <see cref="TwoLayerNetworkMultilabelTrainer.Options.ChooseThresholds"/> was true.</value>
    public ImmutableArray<float> Thresholds { get; }

    /// <summary>Makes a network from given parameters, which are copied. All thresholds are 0.5.</summary>
    /// <param name="inputCount">I, 1 to 16,777,216.</param>
    /// <param name="hiddenUnits">H, 1 to 16,777,216.</param>
    /// <param name="labelCount">C, 1 to 16,777,216.</param>
    /// <param name="hiddenWeights">W1, row-major <c>[H, I]</c>; finite.</param>
    /// <param name="hiddenBiases">b1, <c>[H]</c>; finite.</param>
    /// <param name="outputWeights">W2, row-major <c>[C, H]</c>; finite.</param>
    /// <param name="outputBiases">b2, <c>[C]</c>; finite.</param>
    /// <param name="activation">The function of the hidden units.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is out of range, or the network would have more than 2³⁰
    /// parameters.</exception>
    /// <exception cref="ArgumentException">A span has another length than the counts ask for, or holds a value that isn't
    /// finite.</exception>
    public static TwoLayerNetworkMultilabelModelParameters Create(
        int inputCount, int hiddenUnits, int labelCount, ReadOnlySpan<float> hiddenWeights, ReadOnlySpan<float> hiddenBiases,
        ReadOnlySpan<float> outputWeights, ReadOnlySpan<float> outputBiases, Activation activation = Activation.Relu)
    {
        var shape = new NetworkShape(inputCount, hiddenUnits, labelCount, activation, OutputLink.Sigmoid);
        return new TwoLayerNetworkMultilabelModelParameters(
            CreateNetwork(shape, nameof(labelCount), hiddenWeights, hiddenBiases, outputWeights, outputBiases), [], default);
    }

    /// <summary>Computes the probability of each label for one row.</summary>
    /// <param name="features"><c>[I]</c>, scaled as the training rows were.</param>
    /// <param name="probabilities"><c>[C]</c>, overwritten: each within 0..1. All NaN where a feature is NaN or infinite.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> probabilities) =>
        PredictRow(features, probabilities, nameof(probabilities), "labels");

    /// <summary>
    /// Computes the probability of each label for any number of rows. Each row's are the same, to the bit, as <see cref="Predict"/> gives.
    /// </summary>
    /// <param name="features">Row-major <c>[rows, I]</c>, scaled as the training rows were.</param>
    /// <param name="probabilities">Row-major <c>[rows, C]</c>, overwritten.</param>
    /// <remarks>
    /// A large batch is computed on the calling thread and on threads of the thread pool, on all processors that are free; a small one on
    /// the calling thread alone. The result is the same for any number of threads.
    /// </remarks>
    /// <exception cref="ArgumentException">The length of <paramref name="features"/> isn't a multiple of the inputs, or that of
    /// <paramref name="probabilities"/> doesn't fit it.</exception>
    public void PredictBatch(ReadOnlySpan<float> features, Span<float> probabilities) =>
        PredictRows(features, probabilities, nameof(probabilities), "labels");

    /// <inheritdoc cref="PredictBatch(ReadOnlySpan{float}, Span{float})" path="/*[not(self::param)]"/>
    /// <param name="features">Row-major <c>[rows, I]</c>, scaled as the training rows were.</param>
    /// <param name="probabilities">Row-major <c>[rows, C]</c>, overwritten.</param>
    /// <param name="numberOfThreads">The maximum number of threads, the calling one included, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="numberOfThreads"/> is less than 1.</exception>
    public void PredictBatch(ReadOnlySpan<float> features, Span<float> probabilities, int numberOfThreads) =>
        PredictRows(features, probabilities, nameof(probabilities), "labels", numberOfThreads);

    /// <summary>Computes how much each feature of one row raises or lowers the logit of a label.</summary>
    /// <param name="features">x, <c>[I]</c>, scaled as the training rows were.</param>
    /// <param name="labelIndex">c, 0 to C - 1: the place in <see cref="LabelNames"/>.</param>
    /// <param name="gradient"><c>[I]</c>, overwritten with <c>∂z[c] / ∂x = W1ᵀ · (f'(z₁) ∘ W2[c, :])</c>, in logits per unit of a
    /// feature. All NaN where a feature is NaN or infinite.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labelIndex"/> isn't that of a label.</exception>
    public void ComputeSaliency(ReadOnlySpan<float> features, int labelIndex, Span<float> gradient) =>
        ComputeSaliencyOf(features, labelIndex, gradient, nameof(labelIndex), "labels");

    /// <summary>Reads a NumPy archive; see <see cref="TwoLayerNetworkModelParameters.LoadNpz"/> for its form.</summary>
    /// <param name="path">The file, as written by <c>numpy.savez</c>, <c>numpy.savez_compressed</c> or
    /// <see cref="TwoLayerNetworkModelParametersBase.SaveNpz"/>.</param>
    /// <param name="activation">The function of the hidden units, which the archive doesn't tell.</param>
    /// <returns>The network.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file isn't such an archive; the message names the file, the array, what was found and
    /// what was expected.</exception>
    public static TwoLayerNetworkMultilabelModelParameters LoadNpz(string path, Activation activation = Activation.Relu) =>
        new(NpzFile.Read(path, activation, OutputLink.Sigmoid), [], default);
}
