using System.Numerics.Tensors;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>
/// Computes probabilities from rows. Any number of threads may use one predictor at the same time, while its parameters don't change.
/// </summary>
internal sealed class Predictor
{
    /// <summary>
    /// The number of rows that are processed together: enough that the work done once per block hardly counts, few enough that a block
    /// stays in the second-level cache.
    /// </summary>
    public const int BlockRows = 64;

    /// <summary>The maximum number of values of a block: each thread keeps memory for the indices of one, 4 bytes each.</summary>
    private const int MaxBlockValues = 1 << 18;

    /// <summary>The maximum number of sums of hidden units, or of classes, of a block: 64 MB.</summary>
    private const int MaxBlockSums = 1 << 24;

    private readonly IKernels _kernels;
    private readonly NetworkParameters _parameters;
    private readonly OutputHead _head;
    private readonly int _activationStride;
    private readonly int _logitStride;
    private readonly int _blockRows;

    public Predictor(IKernels kernels, NetworkParameters parameters)
    {
        _kernels = kernels;
        _parameters = parameters;
        _head = OutputHead.Create(kernels, parameters);
        _activationStride = Batch.RowStride(parameters.HiddenLayout.PaddedOutputCount);
        _logitStride = Batch.RowStride(parameters.OutputLayout.PaddedOutputCount);
        _blockRows = Math.Clamp(
            Math.Min(MaxBlockValues / parameters.Shape.InputCount, MaxBlockSums / Math.Max(_activationStride, _logitStride)), 1,
            BlockRows);
    }

    /// <summary>Gets the shape of the network.</summary>
    public NetworkShape Shape => _parameters.Shape;

    /// <summary>Gets the number of rows that are processed together.</summary>
    public int BlockRowCount => _blockRows;

    /// <summary>Gets an estimate of the multiply-adds for a row: about a quarter of the features of a typical row aren't 0.</summary>
    public long WorkPerRow => Math.Max(1, (long)Shape.HiddenUnits * (Shape.InputCount / 4 + Shape.OutputCount));

    /// <summary>Predicts any number of dense rows.</summary>
    /// <param name="features">Row-major <c>[rows, I]</c>.</param>
    /// <param name="scores">Row-major <c>[rows, C]</c>.</param>
    /// <param name="areLogits">Whether scores are the sums of the output layer, without the link function.</param>
    public void Predict(ReadOnlySpan<float> features, Span<float> scores, bool areLogits = false)
    {
        int inputs = _parameters.Shape.InputCount, outputs = _parameters.Shape.OutputCount, rowCount = features.Length / inputs;
        for (int first = 0; first < rowCount; first += _blockRows)
        {
            int count = Math.Min(_blockRows, rowCount - first);
            PredictBlock(features.Slice(first * inputs, count * inputs), scores.Slice(first * outputs, count * outputs), count, areLogits);
        }
    }

    /// <summary>Predicts one row given by some of its values; the others are 0.</summary>
    public void PredictSparse(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, Span<float> scores, bool areLogits = false)
    {
        PredictionScratch scratch = Begin(1);
        PanelLayout layout = _parameters.HiddenLayout;
        for (int p = 0; p < layout.PanelCount; p++)
        {
            _kernels.MultiplySparse(
                indices, values, layout.Panel(_parameters.HiddenWeights, p),
                scratch.Activations.Slice(PanelLayout.FirstOutput(p), layout.Width(p)));
        }

        SetToNaNUnlessFinite(values, scratch.Activations);
        End(scratch, scores, 1, areLogits);
    }

    /// <summary>Computes <c>W1ᵀ · (f'(z₁) ∘ W2[c, :])</c>, the gradient of the logit of class <paramref name="c"/>, for one row.</summary>
    public void ComputeSaliency(ReadOnlySpan<float> features, int c, Span<float> gradient)
    {
        if (!TensorPrimitives.IsFiniteAll(features))
        {
            gradient.Fill(float.NaN);
            return;
        }

        PanelLayout layout = _parameters.HiddenLayout, output = _parameters.OutputLayout;

        // Two rows: the activations, and behind them the gradient of the hidden units.
        PredictionScratch scratch = Begin(2);
        Span<float> activations = scratch.Activations[..layout.PaddedOutputCount],
            hidden = scratch.Activations.Slice(_activationStride, layout.PaddedOutputCount);
        MultiplyDense(features, activations, 1);
        if (!ActivationFunctions.NeedsPreActivation(_parameters.Shape.Activation))
        {
            _kernels.Activate(_parameters.Shape.Activation, activations, activations);
        }

        hidden.Clear();
        for (int h = 0; h < layout.OutputCount; h++)
        {
            hidden[h] = _parameters.OutputWeights[output.IndexOf(h, c)];
        }

        _kernels.MultiplyByDerivative(_parameters.Shape.Activation, activations, hidden);
        gradient.Clear();
        for (int p = 0; p < layout.PanelCount; p++)
        {
            int width = layout.Width(p);
            ReadOnlySpan<float> panel = _parameters.HiddenWeights.Slice(layout.Offset(p), layout.InputCount * width);
            ReadOnlySpan<float> hiddenGradients = hidden.Slice(PanelLayout.FirstOutput(p), width);
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] += TensorPrimitives.Dot(panel.Slice(i * width, width), hiddenGradients);
            }
        }
    }

    /// <summary>Computes the activations of the hidden units for one row: <c>f(W1 · x + b1)</c>.</summary>
    /// <param name="features"><c>[I]</c>.</param>
    /// <param name="hidden"><c>[H]</c>.</param>
    public void ComputeHiddenActivations(ReadOnlySpan<float> features, Span<float> hidden)
    {
        PredictionScratch scratch = Begin(1);
        scratch.EnsureEntries(features.Length);
        MultiplyGathered([0, _kernels.ListNonZeros(features, scratch.Indices)], scratch.Indices, features, scratch.Activations, 1);
        SetToNaNUnlessFinite(features, scratch.Activations);
        Span<float> activations = scratch.Activations[.._parameters.HiddenLayout.PaddedOutputCount];
        _kernels.Activate(_parameters.Shape.Activation, activations, activations);
        activations[..hidden.Length].CopyTo(hidden);
    }

    private void PredictBlock(ReadOnlySpan<float> rows, Span<float> scores, int rowCount, bool areLogits)
    {
        int inputs = _parameters.Shape.InputCount;
        PredictionScratch scratch = Begin(rowCount);
        scratch.EnsureEntries(rows.Length);
        Span<int> starts = stackalloc int[BlockRows + 1];
        starts[0] = 0;
        for (int r = 0; r < rowCount; r++)
        {
            int start = starts[r];
            starts[r + 1] = start + _kernels.ListNonZeros(rows.Slice(r * inputs, inputs), scratch.Indices.AsSpan(start));
            if (r == 0 && rowCount > 1 && starts[1] > PackedRowsBuilder.DensityThreshold * inputs)
            {
                // The first row decides for the block. Both ways give the same bits, so a wrong guess only takes more time.
                MultiplyDense(rows, scratch.Activations, rowCount);
                EndBlock(scratch, rows, scores, rowCount, areLogits);
                return;
            }
        }

        MultiplyGathered(starts[..(rowCount + 1)], scratch.Indices, rows, scratch.Activations, rowCount);
        EndBlock(scratch, rows, scores, rowCount, areLogits);
    }

    /// <summary>Allocates memory where needed, and initializes the sums with the biases.</summary>
    private PredictionScratch Begin(int rowCount)
    {
        PredictionScratch scratch = PredictionScratch.Current;
        scratch.EnsureRows(rowCount * _activationStride, rowCount * _logitStride);
        LayerProduct.FillBiases(_parameters.HiddenBiases, HiddenRows(scratch.Activations, rowCount));
        return scratch;
    }

    private void MultiplyGathered(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> features, Span<float> activations, int rowCount)
    {
        PanelLayout layout = _parameters.HiddenLayout;
        for (int p = 0; p < layout.PanelCount; p++)
        {
            _kernels.MultiplyGathered(
                starts[..(rowCount + 1)], indices, Features(features, rowCount), layout.Panel(_parameters.HiddenWeights, p),
                HiddenRows(activations, rowCount).Columns(PanelLayout.FirstOutput(p), layout.Width(p)));
        }
    }

    private void MultiplyDense(ReadOnlySpan<float> rows, Span<float> activations, int rowCount) =>
        LayerProduct.AddDense(
            _kernels, _parameters.HiddenLayout, Features(rows, rowCount), 0, _parameters.HiddenWeights, HiddenRows(activations, rowCount));

    private MatrixView Features(ReadOnlySpan<float> rows, int rowCount) =>
        new(rows, rowCount, _parameters.Shape.InputCount, _parameters.Shape.InputCount);

    private MatrixSpan HiddenRows(Span<float> activations, int rowCount) =>
        new(activations, rowCount, _parameters.HiddenLayout.PaddedOutputCount, _activationStride);

    private void EndBlock(PredictionScratch scratch, ReadOnlySpan<float> rows, Span<float> scores, int rowCount, bool areLogits)
    {
        int inputs = _parameters.Shape.InputCount;
        for (int r = 0; r < rowCount; r++)
        {
            SetToNaNUnlessFinite(rows.Slice(r * inputs, inputs), scratch.Activations[(r * _activationStride)..]);
        }

        End(scratch, scores, rowCount, areLogits);
    }

    /// <summary>
    /// Sets the sums of a row to NaN if a feature isn't finite: the activation function could turn infinite sums into finite numbers.
    /// </summary>
    private void SetToNaNUnlessFinite(ReadOnlySpan<float> values, Span<float> sums)
    {
        // A feature that isn't finite makes every sum not finite, so the check of the first sum is enough for nearly all rows.
        if (!float.IsFinite(sums[0]) && !TensorPrimitives.IsFiniteAll(values))
        {
            sums[.._parameters.HiddenLayout.PaddedOutputCount].Fill(float.NaN);
        }
    }

    private void End(PredictionScratch scratch, Span<float> scores, int rowCount, bool areLogits)
    {
        int outputs = _parameters.Shape.OutputCount;
        MatrixSpan activations = HiddenRows(scratch.Activations, rowCount);
        var logits = new MatrixSpan(scratch.Logits, rowCount, _parameters.OutputLayout.PaddedOutputCount, _logitStride);
        LayerProduct.Activate(_kernels, _parameters.Shape.Activation, activations, activations);
        LayerProduct.ComputeLogits(_kernels, _parameters, activations, logits);
        if (!areLogits)
        {
            _head.ApplyLink(logits);
        }

        for (int r = 0; r < rowCount; r++)
        {
            logits.Row(r)[..outputs].CopyTo(scores[(r * outputs)..]);
        }
    }
}

/// <summary>The memory of one thread for predictions, kept between calls, so that nothing is allocated for each row.</summary>
internal sealed class PredictionScratch
{
    [ThreadStatic]
    private static PredictionScratch? s_instance;

    private AlignedArray _activations = new(0);
    private AlignedArray _logits = new(0);

    /// <summary>Gets the instance of this thread.</summary>
    public static PredictionScratch Current => s_instance ??= new PredictionScratch();

    public int[] Indices { get; private set; } = [];

    public Span<float> Activations => _activations.Span;

    public Span<float> Logits => _logits.Span;

    public void EnsureRows(int activations, int logits)
    {
        if (_activations.Length < activations)
        {
            _activations = new AlignedArray(activations);
        }

        if (_logits.Length < logits)
        {
            _logits = new AlignedArray(logits);
        }
    }

    public void EnsureEntries(int count)
    {
        if (Indices.Length < count)
        {
            Indices = new int[count];
        }
    }
}
