using System.Numerics.Tensors;
using MnistMlNet.Data;
using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>From rows to logits: <c>Z1 = X·W1ᵀ + b1</c>, <c>A1 = f(Z1)</c>, <c>Z2 = A1·W2ᵀ + b2</c>.</summary>
internal static class ForwardPass
{
    /// <summary>Computes activations and logits of rows <paramref name="first"/> … <paramref name="end"/> - 1 of a batch.</summary>
    public static void Rows(IKernels kernels, NetworkParameters parameters, Batch batch, Workspace workspace, int first, int end)
    {
        for (int half = 0; half < InputBlocks.Count; half++)
        {
            HiddenSums(kernels, parameters, batch, workspace, half, first, end);
        }

        Hidden(parameters, workspace, first, end);
        Logits(kernels, parameters, workspace, first, end);
    }

    /// <summary>
    /// Computes what one half of the inputs adds to <c>Z1</c>, for rows <paramref name="first"/> … <paramref name="end"/> - 1 of a batch.
    /// </summary>
    public static void HiddenSums(IKernels kernels, NetworkParameters parameters, Batch batch, Workspace workspace, int half, int first,
        int end)
    {
        PanelLayout layout = parameters.HiddenLayout;
        int stride = workspace.ActivationStride, firstInput = batch.Halves.First(half), inputs = batch.Halves.End(half) - firstInput;
        Span<float> rows = (half == 0 ? workspace.Activations : workspace.PartialPreActivations)
            .Slice(first * stride, (end - first) * stride);
        if (half == 0)
        {
            Fill(parameters.HiddenBiases, rows, stride, end - first);
        }
        else
        {
            rows.Clear();
        }

        for (int p = 0; p < layout.PanelCount; p++)                                // one panel stays in the cache for all rows
        {
            int width = layout.Width(p);
            Span<float> output = rows[PanelLayout.FirstOutput(p)..];
            if (batch.IsSparse)
            {
                ReadOnlySpan<float> panel = parameters.HiddenWeights.Slice(layout.Offset(p), layout.InputCount * width);
                kernels.MultiplyRows(batch.SparseRows(half)[first..end], panel, width, output, stride, width);
            }
            else
            {
                kernels.MultiplyDense(
                    batch.Dense.Span[(first * batch.DenseStride + firstInput)..], batch.DenseStride, 1,
                    parameters.HiddenWeights.Slice(layout.Offset(p) + firstInput * width, inputs * width), width, output, stride,
                    end - first, inputs, width);
            }
        }
    }

    /// <summary>
    /// Computes the activations of rows <paramref name="first"/> … <paramref name="end"/> - 1 from the sums of both halves.
    /// </summary>
    public static void Hidden(NetworkParameters parameters, Workspace workspace, int first, int end)
    {
        int stride = workspace.ActivationStride, length = (end - first) * stride;
        Span<float> rows = workspace.Activations.Slice(first * stride, length);
        TensorPrimitives.Add(rows, workspace.PartialPreActivations.Slice(first * stride, length), rows);
        Activate(parameters.Shape.Activation, rows, stride, parameters.HiddenLayout.PaddedOutputCount, end - first);
    }

    /// <summary>
    /// Computes the logits of rows <paramref name="first"/> … <paramref name="end"/> - 1 of a batch from their activations.
    /// </summary>
    public static void Logits(IKernels kernels, NetworkParameters parameters, Workspace workspace, int first, int end) =>
        Logits(
            kernels, parameters, workspace.Activations.Span[(first * workspace.ActivationStride)..], workspace.ActivationStride,
            workspace.Logits.Span[(first * workspace.LogitStride)..], workspace.LogitStride, end - first);

    /// <summary>Computes the logits of <paramref name="rowCount"/> rows.</summary>
    /// <param name="activations">Row r starts at <c>r · activationStride</c>.</param>
    /// <param name="logits">Row r starts at <c>r · logitStride</c>; overwritten, padding included.</param>
    public static void Logits(
        IKernels kernels, NetworkParameters parameters, ReadOnlySpan<float> activations, int activationStride,
        Span<float> logits, int logitStride, int rowCount)
    {
        PanelLayout layout = parameters.OutputLayout;
        Fill(parameters.OutputBiases, logits, logitStride, rowCount);
        for (int p = 0; p < layout.PanelCount; p++)
        {
            int width = layout.Width(p);
            kernels.MultiplyDense(
                activations, activationStride, 1, parameters.OutputWeights.Slice(layout.Offset(p), layout.InputCount * width), width,
                logits[PanelLayout.FirstOutput(p)..], logitStride, rowCount, layout.InputCount, width);
        }
    }

    /// <summary>Puts the biases where the sums of each row will be.</summary>
    public static void Fill(ReadOnlySpan<float> biases, Span<float> rows, int stride, int rowCount)
    {
        if (stride != biases.Length)
        {
            for (int r = 0; r < rowCount; r++)
            {
                biases.CopyTo(rows[(r * stride)..]);
            }

            return;
        }

        // Rows without gaps: few long copies, each of all that is there so far, instead of many short ones.
        biases.CopyTo(rows);
        for (int filled = 1; filled < rowCount; filled *= 2)
        {
            rows[..(Math.Min(filled, rowCount - filled) * stride)].CopyTo(rows[(filled * stride)..]);
        }
    }

    /// <summary>Applies the hidden units' function to each row.</summary>
    public static void Activate(Activation activation, Span<float> rows, int stride, int width, int rowCount)
    {
        if (stride == width)
        {
            ActivationFunctions.Apply(activation, rows[..(rowCount * stride)]);
            return;
        }

        for (int r = 0; r < rowCount; r++)
        {
            ActivationFunctions.Apply(activation, rows.Slice(r * stride, width));
        }
    }
}
