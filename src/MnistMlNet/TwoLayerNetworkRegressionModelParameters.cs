using System.Collections.Immutable;
using MnistMlNet.Network;
using MnistMlNet.Serialization.Npz;

namespace MnistMlNet;

/// <summary>
/// A trained network of one hidden layer for one number or several: <c>z = W2 · f(W1 · x + b1) + b2</c>, or <c>exp z</c> after training
/// with <see cref="RegressionLoss.Poisson"/>. Immutable; any number of threads may use it at the same time.
/// </summary>
/// <remarks>
/// Made by <see cref="TwoLayerNetworkRegressionTrainer"/>, by <see cref="Create"/> from parameters of any origin, or by
/// <see cref="LoadNpz"/>. Scores are in the label's unit.
/// </remarks>
public sealed class TwoLayerNetworkRegressionModelParameters : TwoLayerNetworkModelParametersBase
{
    internal TwoLayerNetworkRegressionModelParameters(NetworkParameters network, bool isVector, ImmutableArray<string> outputNames)
        : base(network)
    {
        IsVector = isVector;
        OutputNames = outputNames;
    }

    /// <summary>Gets the names of the outputs: the slot names of the label column; empty where it has none.</summary>
    public ImmutableArray<string> OutputNames { get; }

    /// <summary>
    /// Gets a value indicating whether scores are <c>exp z</c>, as after training with <see cref="RegressionLoss.Poisson"/>.
    /// </summary>
    public bool IsExponential => Network.Shape.Link == OutputLink.Exponential;

    /// <summary>Gets a value indicating whether the label was a vector, even of one slot: then the score is one, too.</summary>
    internal bool IsVector { get; }

    /// <summary>Makes a network from given parameters, which are copied.</summary>
    /// <param name="inputCount">I, 1 to 16,777,216.</param>
    /// <param name="hiddenUnits">H, 1 to 16,777,216.</param>
    /// <param name="outputCount">C, the numbers of one row, 1 to 16,777,216; with more than 1 scores are vectors.</param>
    /// <param name="hiddenWeights">W1, row-major <c>[H, I]</c>; finite.</param>
    /// <param name="hiddenBiases">b1, <c>[H]</c>; finite.</param>
    /// <param name="outputWeights">W2, row-major <c>[C, H]</c>; finite.</param>
    /// <param name="outputBiases">b2, <c>[C]</c>; finite.</param>
    /// <param name="activation">The function of the hidden units.</param>
    /// <param name="isExponential">Whether scores are <c>exp z</c>.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is out of range, or the network would have more than 2³⁰
    /// parameters.</exception>
    /// <exception cref="ArgumentException">A span has another length than the counts ask for, or holds a value that isn't
    /// finite.</exception>
    public static TwoLayerNetworkRegressionModelParameters Create(
        int inputCount, int hiddenUnits, int outputCount, ReadOnlySpan<float> hiddenWeights, ReadOnlySpan<float> hiddenBiases,
        ReadOnlySpan<float> outputWeights, ReadOnlySpan<float> outputBiases, Activation activation = Activation.Relu,
        bool isExponential = false)
    {
        var shape = new NetworkShape(inputCount, hiddenUnits, outputCount, activation, LinkOf(isExponential));
        return new TwoLayerNetworkRegressionModelParameters(
            CreateNetwork(shape, nameof(outputCount), hiddenWeights, hiddenBiases, outputWeights, outputBiases), outputCount > 1, []);
    }

    /// <summary>Computes the scores of one row.</summary>
    /// <param name="features"><c>[I]</c>, scaled as the training rows were.</param>
    /// <param name="scores"><c>[C]</c>, overwritten, in the label's unit. All NaN where a feature is NaN or infinite.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> scores) => PredictRow(features, scores, nameof(scores), "outputs");

    /// <summary>
    /// Computes the scores of any number of rows. Each row's are the same, to the bit, as <see cref="Predict"/> gives.
    /// </summary>
    /// <param name="features">Row-major <c>[rows, I]</c>, scaled as the training rows were.</param>
    /// <param name="scores">Row-major <c>[rows, C]</c>, overwritten.</param>
    /// <remarks>
    /// A large batch is computed on the calling thread and on threads of the thread pool, on all processors that are free; a small one on
    /// the calling thread alone. The result is the same for any number of threads.
    /// </remarks>
    /// <exception cref="ArgumentException">The length of <paramref name="features"/> isn't a multiple of the inputs, or that of
    /// <paramref name="scores"/> doesn't fit it.</exception>
    public void PredictBatch(ReadOnlySpan<float> features, Span<float> scores) =>
        PredictRows(features, scores, nameof(scores), "outputs");

    /// <inheritdoc cref="PredictBatch(ReadOnlySpan{float}, Span{float})" path="/*[not(self::param)]"/>
    /// <param name="features">Row-major <c>[rows, I]</c>, scaled as the training rows were.</param>
    /// <param name="scores">Row-major <c>[rows, C]</c>, overwritten.</param>
    /// <param name="numberOfThreads">The maximum number of threads, the calling one included, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="numberOfThreads"/> is less than 1.</exception>
    public void PredictBatch(ReadOnlySpan<float> features, Span<float> scores, int numberOfThreads) =>
        PredictRows(features, scores, nameof(scores), "outputs", numberOfThreads);

    /// <summary>Computes how much each feature of one row raises or lowers an output.</summary>
    /// <param name="features">x, <c>[I]</c>, scaled as the training rows were.</param>
    /// <param name="outputIndex">c, 0 to C - 1.</param>
    /// <param name="gradient"><c>[I]</c>, overwritten with <c>∂z[c] / ∂x = W1ᵀ · (f'(z₁) ∘ W2[c, :])</c>, in label units per unit of a
    /// feature (of the logarithm of the score where <see cref="IsExponential"/>). All NaN where a feature is NaN or infinite.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outputIndex"/> isn't that of an output.</exception>
    public void ComputeSaliency(ReadOnlySpan<float> features, int outputIndex, Span<float> gradient) =>
        ComputeSaliencyOf(features, outputIndex, gradient, nameof(outputIndex), "outputs");

    /// <summary>Reads a NumPy archive; see <see cref="TwoLayerNetworkModelParameters.LoadNpz"/> for its form.</summary>
    /// <param name="path">The file, as written by <c>numpy.savez</c>, <c>numpy.savez_compressed</c> or
    /// <see cref="TwoLayerNetworkModelParametersBase.SaveNpz"/>.</param>
    /// <param name="activation">The function of the hidden units, which the archive doesn't tell.</param>
    /// <param name="isExponential">Whether scores are <c>exp z</c>, which the archive doesn't tell either.</param>
    /// <returns>The network.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file isn't such an archive; the message names the file, the array, what was found and
    /// what was expected.</exception>
    public static TwoLayerNetworkRegressionModelParameters LoadNpz(
        string path, Activation activation = Activation.Relu, bool isExponential = false)
    {
        NetworkParameters network = NpzFile.Read(path, activation, LinkOf(isExponential));
        return new TwoLayerNetworkRegressionModelParameters(network, network.Shape.OutputCount > 1, []);
    }

    private static OutputLink LinkOf(bool isExponential) => isExponential ? OutputLink.Exponential : OutputLink.Identity;
}
