using System.Numerics.Tensors;
using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>From rows to probabilities. Any number of threads may use one predictor at once; the parameters must not change any more.</summary>
internal sealed class Predictor
{
    /// <summary>Rows that go through together: enough to share loads of the weights, few enough to stay in the first-level cache.</summary>
    private const int BlockRows = 16;

    /// <summary>The same for networks of several panels, each of which is fetched from further away for every block.</summary>
    private const int WideBlockRows = 64;

    /// <summary>Values of a block at most: each thread keeps room for the entries of one, 8 bytes each.</summary>
    private const int MostBlockValues = 1 << 18;

    /// <summary>Rows multiplied between two requests for the next rows: too many requests at once would queue.</summary>
    private const int RowsPerPrefetch = 2;

    private readonly IKernels _kernels;
    private readonly NetworkParameters _parameters;
    private readonly int _activationStride;
    private readonly int _logitStride;
    private readonly int _blockRows;

    public Predictor(IKernels kernels, NetworkParameters parameters)
    {
        _kernels = kernels;
        _parameters = parameters;
        _activationStride = Batch.RowStride(parameters.HiddenLayout.PaddedOutputCount);
        _blockRows = Math.Clamp(
            MostBlockValues / parameters.Shape.InputCount, 1, parameters.HiddenLayout.PanelCount == 1 ? BlockRows : WideBlockRows);
        _logitStride = Batch.RowStride(parameters.OutputLayout.PaddedOutputCount);
    }

    /// <summary>Predicts any number of rows given by all their values.</summary>
    /// <param name="features">Row-major <c>[rows, I]</c>.</param>
    /// <param name="probabilities">Row-major <c>[rows, C]</c>.</param>
    public void Predict(ReadOnlySpan<float> features, Span<float> probabilities)
    {
        int inputs = _parameters.Shape.InputCount, classes = _parameters.Shape.ClassCount, rowCount = features.Length / inputs;
        for (int first = 0; first < rowCount; first += _blockRows)
        {
            int count = Math.Min(_blockRows, rowCount - first), next = Math.Min(_blockRows, rowCount - first - count);
            PredictBlock(
                features.Slice(first * inputs, count * inputs), features.Slice((first + count) * inputs, next * inputs),
                probabilities.Slice(first * classes, count * classes), count);
        }
    }

    /// <summary>Predicts one row given by some of its values; the others are 0.</summary>
    public void PredictSparse(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, Span<float> probabilities)
    {
        PredictionScratch scratch = Begin(1);
        MultiplyEntries([0, values.Length], indices, values, [], scratch.Activations, 1);
        PoisonUnlessFinite(values, scratch.Activations);
        End(scratch, probabilities, 1);
    }

    /// <summary>Computes <c>W1ᵀ · (f'(z₁) ∘ W2[c, :])</c>, the gradient of the logit of class <paramref name="c"/>, for one row.</summary>
    public void Saliency(ReadOnlySpan<float> features, int c, Span<float> gradient)
    {
        if (!TensorPrimitives.IsFiniteAll(features))
        {
            gradient.Fill(float.NaN);
            return;
        }

        PanelLayout layout = _parameters.HiddenLayout, output = _parameters.OutputLayout;

        // Room for two rows: the activations, and behind them the gradient of the hidden units.
        PredictionScratch scratch = Begin(2);
        Span<float> activations = scratch.Activations[..layout.PaddedOutputCount], hidden = scratch.Activations.Slice(_activationStride, layout.PaddedOutputCount);
        MultiplyDense(features, activations, 1);
        ActivationFunctions.Apply(_parameters.Shape.Activation, activations);
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
            ReadOnlySpan<float> slopes = hidden.Slice(PanelLayout.FirstOutput(p), width);
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] += TensorPrimitives.Dot(panel.Slice(i * width, width), slopes);
            }
        }
    }

    /// <summary>Computes what the hidden units of one row give: <c>f(W1 · x + b1)</c>.</summary>
    /// <param name="features"><c>[I]</c>.</param>
    /// <param name="hidden"><c>[H]</c>.</param>
    public void HiddenActivations(ReadOnlySpan<float> features, Span<float> hidden)
    {
        PredictionScratch scratch = Begin(1);
        scratch.EnsureEntries(features.Length);
        int count = _kernels.CompactNonZeros(features, scratch.Indices, scratch.Values);
        MultiplyEntries([0, count], scratch.Indices, scratch.Values, [], scratch.Activations, 1);
        PoisonUnlessFinite(features, scratch.Activations);
        ActivationFunctions.Apply(_parameters.Shape.Activation, scratch.Activations[.._parameters.HiddenLayout.PaddedOutputCount]);
        scratch.Activations[..hidden.Length].CopyTo(hidden);
    }

    private void PredictBlock(ReadOnlySpan<float> rows, ReadOnlySpan<float> nextRows, Span<float> probabilities, int rowCount)
    {
        int inputs = _parameters.Shape.InputCount;
        PredictionScratch scratch = Begin(rowCount);
        scratch.EnsureEntries(rows.Length);
        Span<int> starts = stackalloc int[WideBlockRows + 1];
        starts[0] = 0;
        for (int r = 0; r < rowCount; r++)
        {
            int start = starts[r];
            starts[r + 1] = start + _kernels.CompactNonZeros(rows.Slice(r * inputs, inputs), scratch.Indices.AsSpan(start), scratch.Values.AsSpan(start));
            if (r == 0 && rowCount > 1 && starts[1] > PackedRowsBuilder.DenseShare * inputs)
            {
                // The first row speaks for the block. Either way gives the same bits, so a wrong guess only costs time.
                MultiplyDense(rows, scratch.Activations, rowCount);
                EndBlock(scratch, rows, probabilities, rowCount);
                return;
            }
        }

        MultiplyEntries(starts[..(rowCount + 1)], scratch.Indices, scratch.Values, nextRows, scratch.Activations, rowCount);
        EndBlock(scratch, rows, probabilities, rowCount);
    }

    /// <summary>Makes room and puts the biases where the sums will be.</summary>
    private PredictionScratch Begin(int rowCount)
    {
        PredictionScratch scratch = PredictionScratch.Current;
        scratch.EnsureRows(rowCount * _activationStride, rowCount * _logitStride);
        for (int r = 0; r < rowCount; r++)
        {
            _parameters.HiddenBiases.CopyTo(scratch.Activations[(r * _activationStride)..]);
        }

        return scratch;
    }

    /// <param name="nextRows">The rows that come next, brought nearer while the present ones are multiplied: the memory would idle meanwhile.</param>
    private void MultiplyEntries(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> nextRows, Span<float> activations, int rowCount)
    {
        PanelLayout layout = _parameters.HiddenLayout;
        for (int p = 0; p < layout.PanelCount; p++)
        {
            int width = layout.Width(p);
            if (p == 0 && nextRows.Length > 0)
            {
                for (int r = 0; r < rowCount; r += RowsPerPrefetch)
                {
                    int place = Math.Min(r * layout.InputCount, nextRows.Length), rows = Math.Min(RowsPerPrefetch, rowCount - r);
                    CacheLine.Prefetch(nextRows.Slice(place, Math.Min(rows * layout.InputCount, nextRows.Length - place)));
                    _kernels.MultiplySparse(
                        starts.Slice(r, rows + 1), indices, values, _parameters.HiddenWeights[..(layout.InputCount * width)], width,
                        activations[(r * _activationStride)..], _activationStride, width);
                }

                continue;
            }

            _kernels.MultiplySparse(
                starts[..(rowCount + 1)], indices, values, _parameters.HiddenWeights.Slice(layout.Offset(p), layout.InputCount * width), width,
                activations[PanelLayout.FirstOutput(p)..], _activationStride, width);
        }
    }

    private void MultiplyDense(ReadOnlySpan<float> rows, Span<float> activations, int rowCount)
    {
        PanelLayout layout = _parameters.HiddenLayout;
        for (int p = 0; p < layout.PanelCount; p++)
        {
            int width = layout.Width(p);
            _kernels.MultiplyDense(
                rows, layout.InputCount, 1, _parameters.HiddenWeights.Slice(layout.Offset(p), layout.InputCount * width), width,
                activations[PanelLayout.FirstOutput(p)..], _activationStride, rowCount, layout.InputCount, width);
        }
    }

    private void EndBlock(PredictionScratch scratch, ReadOnlySpan<float> rows, Span<float> probabilities, int rowCount)
    {
        int inputs = _parameters.Shape.InputCount;
        for (int r = 0; r < rowCount; r++)
        {
            PoisonUnlessFinite(rows.Slice(r * inputs, inputs), scratch.Activations[(r * _activationStride)..]);
        }

        End(scratch, probabilities, rowCount);
    }

    /// <summary>Makes the sums of a row NaN where a feature isn't finite: the hidden units' function would turn infinite ones into ordinary numbers.</summary>
    private void PoisonUnlessFinite(ReadOnlySpan<float> values, Span<float> sums)
    {
        // A feature that isn't finite leaves no sum finite, so the first one spares nearly all rows the closer look.
        if (!float.IsFinite(sums[0]) && !TensorPrimitives.IsFiniteAll(values))
        {
            sums[.._parameters.HiddenLayout.PaddedOutputCount].Fill(float.NaN);
        }
    }

    private void End(PredictionScratch scratch, Span<float> probabilities, int rowCount)
    {
        int classes = _parameters.Shape.ClassCount, hidden = _parameters.HiddenLayout.PaddedOutputCount;
        Span<float> activations = scratch.Activations, logits = scratch.Logits;
        for (int r = 0; r < rowCount; r++)
        {
            ActivationFunctions.Apply(_parameters.Shape.Activation, activations.Slice(r * _activationStride, hidden));
        }

        ForwardPass.Logits(_kernels, _parameters, activations, _activationStride, logits, _logitStride, rowCount);
        for (int r = 0; r < rowCount; r++)
        {
            Span<float> row = logits.Slice(r * _logitStride, _parameters.OutputLayout.PaddedOutputCount);
            _kernels.Softmax(row);
            row[..classes].CopyTo(probabilities[(r * classes)..]);
        }
    }
}
