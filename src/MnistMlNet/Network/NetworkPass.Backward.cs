using System.Runtime.CompilerServices;
using MnistMlNet.Data;
using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

internal sealed partial class NetworkPass
{
    /// <summary>
    /// The minimum number of panels for which a sparse batch is transposed. The transposition is done once for all panels; for fewer it
    /// takes more time than it saves.
    /// </summary>
    private const int MinPanelsToTranspose = 2;

    private static readonly float[] s_one = [1];

    /// <summary>Computes <c>dZ1</c> of a range of panels from <c>dZ2</c> for rows <paramref name="first"/> … <paramref name="end"/> - 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ComputeHiddenGradients(PanelRange panels, int first, int end)
    {
        PanelLayout hidden = _parameters.HiddenLayout;
        int classCount = _parameters.Shape.OutputCount;
        var backward = new PanelLayout(classCount, hidden.OutputCount);
        MatrixSpan functionValues =
            _needsPreActivations ? Workspace.PreActivationRows(first, end) : Workspace.ActivationRows(first, end);
        for (int p = panels.First; p < panels.End; p++)
        {
            int width = hidden.Width(p);
            MatrixSpan gradients = Workspace.HiddenGradientRows(p, first, end);
            gradients.Data.Clear();
            _kernels.MultiplyDense(
                Workspace.LogitRows(first, end).Columns(0, classCount), backward.Panel(Workspace.TransposedOutputWeights.Span, p),
                gradients);
            for (int r = first; r < end; r++)
            {
                ReadOnlySpan<float> values = functionValues.Row(r - first).Slice(PanelLayout.FirstOutput(p), width);
                Span<float> gradient = gradients.Row(r - first);
                if (_dropout is null)
                {
                    _kernels.MultiplyByDerivative(_parameters.Shape.Activation, values, gradient);
                }
                else
                {
                    _dropout.MultiplyByDerivative(_parameters.Shape.Activation, r, PanelLayout.FirstOutput(p), values, gradient);
                }
            }
        }
    }

    /// <summary>
    /// Computes the gradient of the weights from inputs <paramref name="firstInput"/> … <paramref name="endInput"/> - 1 to a range of
    /// panels. With <see cref="BatchInputs"/> these are their numbers, and the sink gets offsets in their layout.
    /// </summary>
    public void ComputeHiddenWeightGradients(PanelRange panels, int firstInput, int endInput, WorkerScratch scratch, IGradientSink sink)
    {
        for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
        {
            (int firstOfBlock, int endOfBlock) = InputsOf(inputBlock);
            int first = Math.Max(firstInput, firstOfBlock), end = Math.Min(endInput, endOfBlock);
            if (first < end)
            {
                ComputeHiddenWeightGradients(inputBlock, panels, first, end, scratch, sink);
            }
        }
    }

    /// <summary>Computes the gradient of the weights from units <paramref name="firstUnit"/> … <paramref name="endUnit"/> - 1.</summary>
    public void ComputeOutputWeightGradients(int firstUnit, int endUnit, WorkerScratch scratch, IGradientSink sink)
    {
        PanelLayout layout = _parameters.OutputLayout;
        int rowCount = Batch.RowCount;
        for (int p = 0; p < layout.PanelCount; p++)
        {
            int width = layout.Width(p);
            for (int h = firstUnit; h < endUnit; h += WorkerScratch.InputsAtOnce)
            {
                int count = Math.Min(WorkerScratch.InputsAtOnce, endUnit - h);
                int offset = _parameters.OutputWeightsOffset + layout.Offset(p) + h * width;
                Span<float> sums = sink.Begin(offset, count * width, scratch.Gradient.Span);
                MatrixView activations = Workspace.ActivationRows(0, rowCount).Columns(h, count);
                _kernels.MultiplyDense(
                    activations.Transpose(), Workspace.LogitRows(0, rowCount).Columns(PanelLayout.FirstOutput(p), width),
                    new MatrixSpan(sums, count, width, width));
                sink.End(offset, sums, areWeights: true);
            }
        }
    }

    /// <summary>Computes the gradients of the biases of a range of hidden panels: sums over the rows.</summary>
    public void ComputeHiddenBiasGradients(PanelRange panels, WorkerScratch scratch, IGradientSink sink)
    {
        for (int p = panels.First; p < panels.End; p++)
        {
            SumRows(
                Workspace.HiddenGradientRows(p, 0, Batch.RowCount), _parameters.HiddenBiasesOffset + PanelLayout.FirstOutput(p), scratch,
                sink);
        }
    }

    /// <summary>Computes the gradients of the biases of the outputs: sums over the rows.</summary>
    public void ComputeOutputBiasGradients(WorkerScratch scratch, IGradientSink sink)
    {
        PanelLayout output = _parameters.OutputLayout;
        for (int p = 0; p < output.PanelCount; p++)
        {
            int first = PanelLayout.FirstOutput(p);
            SumRows(
                Workspace.LogitRows(0, Batch.RowCount).Columns(first, output.Width(p)), _parameters.OutputBiasesOffset + first, scratch,
                sink);
        }
    }

    private void SumRows(MatrixView rows, int offset, WorkerScratch scratch, IGradientSink sink)
    {
        Span<float> sums = sink.Begin(offset, rows.ColumnCount, scratch.Gradient.Span);
        _kernels.MultiplyDense(
            new MatrixView(s_one, 1, rows.RowCount, 0, 0), rows, new MatrixSpan(sums, 1, rows.ColumnCount, rows.ColumnCount));
        sink.End(offset, sums, areWeights: false);
    }

    /// <summary>
    /// Updates <see cref="Workspace.TransposedOutputWeights"/> for hidden units <paramref name="firstUnit"/> …
    /// <paramref name="endUnit"/> - 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void TransposeOutputWeights(int firstUnit, int endUnit)
    {
        PanelLayout forward = _parameters.OutputLayout;
        var backward = new PanelLayout(_parameters.Shape.OutputCount, _parameters.Shape.HiddenUnits);
        ReadOnlySpan<float> source = _parameters.OutputWeights;
        Span<float> destination = Workspace.TransposedOutputWeights.Span;
        for (int p = 0; p < forward.PanelCount; p++)
        {
            int firstClass = PanelLayout.FirstOutput(p), classes = Math.Min(PanelLayout.PanelWidth, forward.OutputCount - firstClass);
            for (int h = firstUnit; h < endUnit; h++)
            {
                int index = backward.IndexOf(firstClass, h), step = backward.Width(h / PanelLayout.PanelWidth);
                foreach (float weight in source.Slice(forward.IndexOf(h, firstClass), classes))
                {
                    destination[index] = weight;
                    index += step;
                }
            }
        }
    }

    private (int First, int End) InputsOf(int inputBlock) =>
        BatchInputs?.RangeOf(inputBlock) ?? (Batch.InputBlocks.First(inputBlock), Batch.InputBlocks.End(inputBlock));

    private void ComputeHiddenWeightGradients(
        int inputBlock, PanelRange panels, int firstInput, int endInput, WorkerScratch scratch, IGradientSink sink)
    {
        PanelLayout layout = BatchInputs?.Layout ?? _parameters.HiddenLayout;
        (int firstOfBlock, int endOfBlock) = InputsOf(inputBlock);
        bool transposes = Batch.IsSparse && panels.Count >= MinPanelsToTranspose;
        for (int i = firstInput; i < endInput; i += WorkerScratch.InputsAtOnce)
        {
            int count = Math.Min(WorkerScratch.InputsAtOnce, endInput - i);
            ReadOnlySpan<SparseRow> rows = BatchInputs is not null ? Batch.NumberedRows(inputBlock)
                : Batch.IsSparse ? Batch.SparseRows(inputBlock) : default;
            if (Batch.IsSparse && (i > firstOfBlock || i + count < endOfBlock))
            {
                rows = scratch.Ranges.Find(rows, i, i + count);
            }

            if (transposes)
            {
                scratch.Transpose.Build(rows, i, count);
            }

            for (int p = panels.First; p < panels.End; p++)
            {
                int width = layout.Width(p), offset = layout.Offset(p) + i * width;
                MatrixView gradients = Workspace.HiddenGradientRows(p, 0, Batch.RowCount);
                Span<float> sums = sink.Begin(offset, count * width, scratch.Gradient.Span);
                var output = new MatrixSpan(sums, count, width, width);
                if (transposes)
                {
                    BatchTranspose transpose = scratch.Transpose;
                    _kernels.MultiplyTransposed(transpose.Counts, transpose.Entries, transpose.Stride, gradients, output);
                }
                else if (Batch.IsSparse)
                {
                    _kernels.ScatterRows(rows, i, gradients, output);
                }
                else
                {
                    _kernels.MultiplyDense(
                        Batch.DenseRows(inputBlock, i, i + count, 0, Batch.RowCount).Transpose(), gradients, output);
                }

                sink.End(offset, sums, areWeights: true);
            }
        }
    }
}

/// <summary>Receives the gradient from the backward pass, one range of parameters at a time.</summary>
/// <remarks>
/// An implementation either updates the parameters of each range immediately, so that no array holds the whole gradient, or adds up the
/// gradients of several batches. The ranges of one pass never overlap; they may come from several threads.
/// </remarks>
internal interface IGradientSink
{
    /// <summary>Gets the memory for the gradient of parameters <paramref name="offset"/> … + <paramref name="length"/> - 1.</summary>
    /// <param name="scratch">At least <paramref name="length"/> long; used if the sink has no memory of its own.</param>
    /// <returns>The memory, initialized; the caller adds the gradient to it.</returns>
    Span<float> Begin(int offset, int length, Span<float> scratch);

    /// <summary>Receives the complete gradient of a range.</summary>
    /// <param name="offset">The first parameter of the range in <see cref="NetworkParameters.All"/>.</param>
    /// <param name="gradient">The memory that <see cref="Begin"/> returned for the range.</param>
    /// <param name="areWeights">True for weights, which are regularized; false for biases, which aren't.</param>
    void End(int offset, Span<float> gradient, bool areWeights);
}
