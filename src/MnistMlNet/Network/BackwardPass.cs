using System.Numerics.Tensors;
using MnistMlNet.Data;
using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>From logits to gradients, by rows as far as rows are independent, then by parameters.</summary>
/// <remarks>
/// <c>dZ2 = (P - Y) / B</c>, <c>dZ1 = f'(Z1) ∘ (dZ2·W2)</c> by rows; <c>dW2 = dZ2ᵀ·A1</c>, <c>db2 = Σ dZ2</c>, <c>dW1 = dZ1ᵀ·X</c>,
/// <c>db1 = Σ dZ1</c> by parameters. Each parameter's sum runs over all rows in their order, in one thread:
/// that is why the number of threads doesn't change a bit of the result.
/// </remarks>
internal static class BackwardPass
{
    /// <summary>
    /// Panels from which on it pays to regroup a sparse batch by input: the regrouping is done once, and then serves every panel.
    /// </summary>
    private const int RegroupingPanels = 2;

    private static readonly float[] s_one = [1];

    /// <summary>
    /// Turns logits into <c>dZ2</c>, with the losses and the hits, for rows <paramref name="first"/> … <paramref name="end"/> - 1.
    /// </summary>
    /// <param name="scale">The factor of each row's gradient, besides its weight: 1 / B.</param>
    /// <param name="smoothing">The share s of the target that is spread over all classes: <c>t = (1 - s) · oneHot + s / C</c>.</param>
    public static void Losses(
        IKernels kernels, NetworkParameters parameters, Batch batch, Workspace workspace, int first, int end, float scale,
        float smoothing = 0)
    {
        int width = parameters.OutputLayout.PaddedOutputCount, stride = workspace.LogitStride, count = end - first;
        Span<float> logits = workspace.Logits.Slice(first * stride, (count - 1) * stride + width);
        ReadOnlySpan<int> labels = batch.Labels.AsSpan(first, count);
        ReadOnlySpan<float> weights = batch.Weights.AsSpan(first, count);
        Span<float> losses = workspace.Losses.AsSpan(first, count);
        Span<float> smoothed = workspace.SmoothingLosses.AsSpan(first, count);
        if (smoothing != 0)
        {
            for (int r = 0; r < count; r++)
            {
                smoothed[r] = SmoothingLoss(logits.Slice(r * stride, parameters.Shape.ClassCount), labels[r], smoothing);
            }
        }

        kernels.SoftmaxCrossEntropy(logits, stride, width, labels, weights, scale, losses, workspace.Predicted.AsSpan(first, count));
        if (smoothing != 0)
        {
            TensorPrimitives.Add(losses, smoothed, losses);
            for (int r = 0; r < count; r++)
            {
                // P - t, where the kernel gave P - oneHot.
                Span<float> gradient = logits.Slice(r * stride, parameters.Shape.ClassCount);
                float share = scale * weights[r] * smoothing;
                TensorPrimitives.Subtract(gradient, share / gradient.Length, gradient);
                gradient[labels[r]] += share;
            }
        }
    }

    /// <summary>Computes <c>dZ1</c> from <c>dZ2</c> for rows <paramref name="first"/> … <paramref name="end"/> - 1.</summary>
    /// <param name="dropout">What was done to the activations; null for nothing.</param>
    public static void HiddenGradients(
        IKernels kernels, NetworkParameters parameters, Workspace workspace, int first, int end, Dropout? dropout = null)
    {
        PanelLayout hidden = parameters.HiddenLayout;
        int classCount = parameters.Shape.ClassCount;
        for (int p = 0; p < hidden.PanelCount; p++)
        {
            int width = hidden.Width(p);
            Span<float> gradients = workspace.HiddenGradients.Slice(workspace.HiddenGradientOffset(p) + first * width,
                (end - first) * width);
            gradients.Clear();
            kernels.MultiplyDense(
                workspace.Logits.Span[(first * workspace.LogitStride)..], workspace.LogitStride, 1,
                workspace.TransposedOutputWeights.Slice(PanelLayout.FirstOutput(p) * classCount, classCount * width), width,
                gradients, width, end - first, classCount, width);
            for (int r = first; r < end; r++)
            {
                ReadOnlySpan<float> activations = workspace.Activations.Slice(r * workspace.ActivationStride + PanelLayout.FirstOutput(p),
                    width);
                Span<float> gradient = gradients.Slice((r - first) * width, width);
                if (dropout is null)
                {
                    kernels.MultiplyByDerivative(parameters.Shape.Activation, activations, gradient);
                }
                else
                {
                    dropout.MultiplyByDerivative(parameters.Shape.Activation, r, PanelLayout.FirstOutput(p), activations, gradient);
                }
            }
        }
    }

    /// <summary>The gradient of the weights from inputs <paramref name="firstInput"/> … <paramref name="endInput"/> - 1.</summary>
    public static void HiddenWeights(
        IKernels kernels, NetworkParameters parameters, Batch batch, Workspace workspace, WorkerScratch scratch,
        int firstInput, int endInput, IGradientSink sink)
    {
        for (int half = 0; half < InputBlocks.Count; half++)
        {
            int first = Math.Max(firstInput, batch.Halves.First(half)), end = Math.Min(endInput, batch.Halves.End(half));
            if (first < end)
            {
                HalfOfHiddenWeights(kernels, parameters, batch, workspace, scratch, half, first, end, sink);
            }
        }
    }

    /// <summary>The gradient of the weights from hidden units <paramref name="firstUnit"/> … <paramref name="endUnit"/> - 1.</summary>
    public static void OutputWeights(
        IKernels kernels, NetworkParameters parameters, Workspace workspace, WorkerScratch scratch,
        int rowCount, int firstUnit, int endUnit, IGradientSink sink)
    {
        PanelLayout layout = parameters.OutputLayout;
        for (int p = 0; p < layout.PanelCount; p++)
        {
            int width = layout.Width(p);
            for (int h = firstUnit; h < endUnit; h += WorkerScratch.InputsAtOnce)
            {
                int count = Math.Min(WorkerScratch.InputsAtOnce, endUnit - h);
                int offset = parameters.OutputWeightsOffset + layout.Offset(p) + h * width;
                Span<float> sums = sink.Begin(offset, count * width, scratch.Gradient.Span);
                kernels.MultiplyDense(
                    workspace.Activations.Span[h..], 1, workspace.ActivationStride,
                    workspace.Logits.Span[PanelLayout.FirstOutput(p)..], workspace.LogitStride, sums, width, count, rowCount, width);
                sink.End(offset, sums, areWeights: true);
            }
        }
    }

    /// <summary>The gradients of all biases: sums over the rows.</summary>
    public static void Biases(IKernels kernels, NetworkParameters parameters, Workspace workspace, WorkerScratch scratch, int rowCount,
        IGradientSink sink)
    {
        PanelLayout hidden = parameters.HiddenLayout, output = parameters.OutputLayout;
        for (int p = 0; p < hidden.PanelCount; p++)
        {
            int offset = parameters.HiddenBiasesOffset + PanelLayout.FirstOutput(p), width = hidden.Width(p);
            Span<float> sums = sink.Begin(offset, width, scratch.Gradient.Span);
            kernels.MultiplyDense(s_one, 0, 0, workspace.HiddenGradients.Span[workspace.HiddenGradientOffset(p)..], width, sums, width, 1,
                rowCount, width);
            sink.End(offset, sums, areWeights: false);
        }

        for (int p = 0; p < output.PanelCount; p++)
        {
            int offset = parameters.OutputBiasesOffset + PanelLayout.FirstOutput(p), width = output.Width(p);
            Span<float> sums = sink.Begin(offset, width, scratch.Gradient.Span);
            kernels.MultiplyDense(s_one, 0, 0, workspace.Logits.Span[PanelLayout.FirstOutput(p)..], workspace.LogitStride, sums, width, 1,
                rowCount, width);
            sink.End(offset, sums, areWeights: false);
        }
    }

    /// <summary>
    /// Brings <see cref="Workspace.TransposedOutputWeights"/> up to date for hidden units <paramref name="firstUnit"/> …
    /// <paramref name="endUnit"/> - 1.
    /// </summary>
    public static void TransposeOutputWeights(NetworkParameters parameters, Workspace workspace, int firstUnit, int endUnit)
    {
        PanelLayout forward = parameters.OutputLayout;
        var backward = new PanelLayout(parameters.Shape.ClassCount, parameters.Shape.HiddenUnits);
        ReadOnlySpan<float> source = parameters.OutputWeights;
        Span<float> destination = workspace.TransposedOutputWeights.Span;
        for (int p = 0; p < forward.PanelCount; p++)
        {
            int firstClass = PanelLayout.FirstOutput(p), classes = Math.Min(PanelLayout.PanelWidth, forward.OutputCount - firstClass);
            for (int h = firstUnit; h < endUnit; h++)
            {
                int place = backward.IndexOf(firstClass, h), step = backward.Width(h / PanelLayout.PanelWidth);
                foreach (float weight in source.Slice(forward.IndexOf(h, firstClass), classes))
                {
                    destination[place] = weight;
                    place += step;
                }
            }
        }
    }

    private static void HalfOfHiddenWeights(
        IKernels kernels, NetworkParameters parameters, Batch batch, Workspace workspace, WorkerScratch scratch,
        int half, int firstInput, int endInput, IGradientSink sink)
    {
        PanelLayout layout = parameters.HiddenLayout;
        bool regroups = batch.IsSparse && layout.PanelCount >= RegroupingPanels;
        for (int i = firstInput; i < endInput; i += WorkerScratch.InputsAtOnce)
        {
            int count = Math.Min(WorkerScratch.InputsAtOnce, endInput - i);
            ReadOnlySpan<SparseRow> rows = batch.IsSparse ? batch.SparseRows(half) : default;
            if (batch.IsSparse && (i > batch.Halves.First(half) || i + count < batch.Halves.End(half)))
            {
                rows = scratch.Ranges.Find(rows, i, i + count);
            }

            if (regroups)
            {
                scratch.Groups.Build(rows, i, count);
            }

            for (int p = 0; p < layout.PanelCount; p++)
            {
                int width = layout.Width(p), offset = layout.Offset(p) + i * width;
                ReadOnlySpan<float> gradients = workspace.HiddenGradients.Slice(workspace.HiddenGradientOffset(p), batch.RowCount * width);
                Span<float> sums = sink.Begin(offset, count * width, scratch.Gradient.Span);
                if (regroups)
                {
                    BatchTranspose groups = scratch.Groups;
                    kernels.MultiplyTransposed(groups.Counts, groups.Entries, groups.Stride, gradients, width, sums, width, width);
                }
                else if (batch.IsSparse)
                {
                    kernels.ScatterRows(rows, i, gradients, width, sums, width, width);
                }
                else
                {
                    kernels.MultiplyDense(batch.Dense.Span[i..], 1, batch.DenseStride, gradients, width, sums, width, count, batch.RowCount,
                        width);
                }

                sink.End(offset, sums, areWeights: true);
            }
        }
    }

    /// <summary>
    /// What smoothing adds to the loss <c>-ln p[label]</c>: <c>s · (z[label] - mean z)</c>, since <c>-ln p = ln Σ exp z - z</c>.
    /// </summary>
    private static float SmoothingLoss(ReadOnlySpan<float> logits, int label, float smoothing) =>
        smoothing * (logits[label] - TensorPrimitives.Sum(logits) / logits.Length);
}

/// <summary>Where the backward pass puts the gradient of a range of parameters, piece by piece.</summary>
/// <remarks>
/// Either each piece becomes an update at once, so that no gradient array exists at all, or the pieces are summed over several batches.
/// Pieces of one pass never overlap; they may come from several threads.
/// </remarks>
internal interface IGradientSink
{
    /// <summary>Gets where to add the gradient of parameters <paramref name="offset"/> … + <paramref name="length"/> - 1.</summary>
    /// <param name="scratch">At least <paramref name="length"/> long, to be used where the sink has no memory of its own.</param>
    Span<float> Begin(int offset, int length, Span<float> scratch);

    /// <summary>Says that the gradient of the range is complete.</summary>
    /// <param name="offset">The first parameter of the range in <see cref="NetworkParameters.All"/>.</param>
    /// <param name="gradient">What <see cref="Begin"/> gave for it.</param>
    /// <param name="areWeights">Whether these are weights, which are subject to decay, or biases, which aren't.</param>
    void End(int offset, Span<float> gradient, bool areWeights);
}
