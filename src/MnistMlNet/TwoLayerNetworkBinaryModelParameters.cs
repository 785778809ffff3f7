using System.Numerics.Tensors;
using Microsoft.ML.Data;
using MnistMlNet.Data;
using MnistMlNet.Extensibility;
using MnistMlNet.Network;
using MnistMlNet.Primitives;
using MnistMlNet.Serialization.Model;
using MnistMlNet.Serialization.Npz;
using MnistMlNet.Serialization.Onnx;

namespace MnistMlNet;

/// <summary>
/// A trained network of one hidden layer for two classes: <c>p = 1 / (1 + exp(-z))</c> with the logit
/// <c>z = W2 · f(W1 · x + b1) + b2</c>. Immutable; any number of threads may use it at the same time.
/// </summary>
/// <remarks>
/// Made by <see cref="TwoLayerNetworkBinaryTrainer"/>, by <see cref="Create"/> from parameters of any origin, or by <see cref="LoadNpz"/>.
/// </remarks>
public sealed class TwoLayerNetworkBinaryModelParameters : TwoLayerNetworkModelParametersBase
{
    internal TwoLayerNetworkBinaryModelParameters(NetworkParameters network, TrainingHistory? history = null)
        : base(network) =>
        History = history;

    /// <summary>Gets how training went; saved and loaded with the model.</summary>
    /// <value>Null where the parameters weren't trained here but given to <see cref="Create"/> or <see cref="LoadNpz"/>.</value>
    public TrainingHistory? History { get; }

    /// <summary>Gives a summary of the layers and, where it is known, of the training.</summary>
    /// <returns>The summary.</returns>
    public override string ToString() => History is { Epochs.Count: > 0 } history ? $"{base.ToString()}\n{history}" : base.ToString();

    internal override void ScoreBinary(in VBuffer<float> features, out float logit, out float probability)
    {
        // As many lanes as in a batch: the logistic function of one number alone may round otherwise.
        Span<float> score = stackalloc float[AlignedArray.LaneCount];
        FeatureRow.Check(features, -1, "Features", InputCount);
        if (features.IsDense)
        {
            Predictor.Predict(features.GetValues(), score[..1], areLogits: true);
        }
        else
        {
            Predictor.PredictSparse(features.GetIndices(), features.GetValues(), score[..1], areLogits: true);
        }

        logit = score[0];
        TensorPrimitives.Sigmoid(score, score);
        probability = score[0];
    }

    internal override void WriteBinaryOnnx(OnnxConverterGraph graph, string features, string logit, string probability) =>
        OnnxConverterNetwork.AddBinary(graph, this, features, logit, probability);

    internal override void WritePayload(Stream stream) =>
        ModelFormat.Write(stream, new ModelPayload(this, "", History ?? TrainingHistory.None));

    /// <summary>Makes a network from given parameters, which are copied.</summary>
    /// <param name="inputCount">I, 1 to 16,777,216.</param>
    /// <param name="hiddenUnits">H, 1 to 16,777,216.</param>
    /// <param name="hiddenWeights">W1, row-major <c>[H, I]</c>; finite.</param>
    /// <param name="hiddenBiases">b1, <c>[H]</c>; finite.</param>
    /// <param name="outputWeights">W2, row-major <c>[1, H]</c>; finite.</param>
    /// <param name="outputBiases">b2, <c>[1]</c>; finite.</param>
    /// <param name="activation">The function of the hidden units.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is out of range, or the network would have more than 2³⁰
    /// parameters.</exception>
    /// <exception cref="ArgumentException">A span has another length than the counts ask for, or holds a value that isn't
    /// finite.</exception>
    public static TwoLayerNetworkBinaryModelParameters Create(
        int inputCount, int hiddenUnits, ReadOnlySpan<float> hiddenWeights, ReadOnlySpan<float> hiddenBiases,
        ReadOnlySpan<float> outputWeights, ReadOnlySpan<float> outputBiases, Activation activation = Activation.Relu)
    {
        var shape = new NetworkShape(inputCount, hiddenUnits, 1, activation, OutputLink.Sigmoid);
        return new TwoLayerNetworkBinaryModelParameters(
            CreateNetwork(shape, "1", hiddenWeights, hiddenBiases, outputWeights, outputBiases));
    }

    /// <summary>Computes the probability that one row is of the positive class.</summary>
    /// <param name="features"><c>[I]</c>, scaled as the training rows were.</param>
    /// <returns>p, within 0..1; NaN where a feature is NaN or infinite.</returns>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public float Predict(ReadOnlySpan<float> features)
    {
        float probability = 0;
        PredictRow(features, new Span<float>(ref probability), nameof(features), "output");
        return probability;
    }

    /// <summary>
    /// Computes the probability of the positive class of any number of rows. Each row's is the same, to the bit, as <see cref="Predict"/>
    /// gives.
    /// </summary>
    /// <param name="features">Row-major <c>[rows, I]</c>, scaled as the training rows were.</param>
    /// <param name="probabilities"><c>[rows]</c>, overwritten.</param>
    /// <remarks>
    /// A large batch is computed on the calling thread and on threads of the thread pool, on all processors that are free; a small one on
    /// the calling thread alone. The result is the same for any number of threads.
    /// </remarks>
    /// <exception cref="ArgumentException">The length of <paramref name="features"/> isn't a multiple of the inputs, or that of
    /// <paramref name="probabilities"/> doesn't fit it.</exception>
    public void PredictBatch(ReadOnlySpan<float> features, Span<float> probabilities) =>
        PredictRows(features, probabilities, nameof(probabilities), "output");

    /// <inheritdoc cref="PredictBatch(ReadOnlySpan{float}, Span{float})" path="/*[not(self::param)]"/>
    /// <param name="features">Row-major <c>[rows, I]</c>, scaled as the training rows were.</param>
    /// <param name="probabilities"><c>[rows]</c>, overwritten.</param>
    /// <param name="numberOfThreads">The maximum number of threads, the calling one included, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="numberOfThreads"/> is less than 1.</exception>
    public void PredictBatch(ReadOnlySpan<float> features, Span<float> probabilities, int numberOfThreads) =>
        PredictRows(features, probabilities, nameof(probabilities), "output", numberOfThreads);

    /// <summary>Computes how much each feature of one row raises or lowers the logit: the saliency map, with its signs.</summary>
    /// <param name="features">x, <c>[I]</c>, scaled as the training rows were.</param>
    /// <param name="gradient"><c>[I]</c>, overwritten with <c>∂z / ∂x = W1ᵀ · (f'(z₁) ∘ W2)</c>, in logits per unit of a feature. All NaN
    /// where a feature is NaN or infinite.</param>
    /// <remarks>See <see cref="TwoLayerNetworkModelParameters.ComputeSaliency"/>.</remarks>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void ComputeSaliency(ReadOnlySpan<float> features, Span<float> gradient) =>
        ComputeSaliencyOf(features, 0, gradient, "output", "output");

    /// <summary>Reads a NumPy archive; see <see cref="TwoLayerNetworkModelParameters.LoadNpz"/> for its form.</summary>
    /// <param name="path">The file, as written by <c>numpy.savez</c>, <c>numpy.savez_compressed</c> or
    /// <see cref="TwoLayerNetworkModelParametersBase.SaveNpz"/>.</param>
    /// <param name="activation">The function of the hidden units, which the archive doesn't tell.</param>
    /// <returns>The network.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file isn't such an archive; the message names the file, the array, what was found and
    /// what was expected.</exception>
    public static TwoLayerNetworkBinaryModelParameters LoadNpz(string path, Activation activation = Activation.Relu) =>
        new(NpzFile.Read(path, activation, OutputLink.Sigmoid, outputCount: 1));
}
