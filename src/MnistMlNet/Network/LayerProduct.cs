using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>One layer of the network for a range of rows, computed panel by panel: <c>Z = X·Wᵀ + b</c>.</summary>
internal static class LayerProduct
{
    /// <summary>Initializes the sums of each row with the biases.</summary>
    public static void FillBiases(ReadOnlySpan<float> biases, MatrixSpan output)
    {
        int stride = output.RowStride, rowCount = output.RowCount;
        Span<float> rows = output.Data;
        if (stride != biases.Length)
        {
            for (int r = 0; r < rowCount; r++)
            {
                biases.CopyTo(rows[(r * stride)..]);
            }

            return;
        }

        // The rows have no gaps: copy all rows filled so far in one call, because few long copies are faster than many short ones.
        biases.CopyTo(rows);
        for (int filled = 1; filled < rowCount; filled *= 2)
        {
            rows[..(Math.Min(filled, rowCount - filled) * stride)].CopyTo(rows[(filled * stride)..]);
        }
    }

    /// <summary>Applies the activation function to each row.</summary>
    /// <param name="output">Of the same shape as <paramref name="input"/>; it may be the same memory.</param>
    public static void Activate(IKernels kernels, Activation activation, MatrixSpan input, MatrixSpan output)
    {
        if (input.RowStride == input.ColumnCount)
        {
            int length = input.RowCount * input.RowStride;
            kernels.Activate(activation, input.Data[..length], output.Data[..length]);
            return;
        }

        for (int r = 0; r < input.RowCount; r++)
        {
            kernels.Activate(activation, input.Row(r), output.Row(r));
        }
    }

    /// <summary>Adds <c>input · weights</c> to each row.</summary>
    /// <param name="input">The values of a range of inputs.</param>
    /// <param name="firstInput">The first of these inputs.</param>
    /// <param name="weights">The panels of <paramref name="layout"/>.</param>
    /// <param name="output">All outputs, padding included.</param>
    public static void AddDense(
        IKernels kernels, PanelLayout layout, MatrixView input, int firstInput, ReadOnlySpan<float> weights, MatrixSpan output)
    {
        for (int p = 0; p < layout.PanelCount; p++)                                // one panel stays in the cache for all rows
        {
            kernels.MultiplyDense(
                input, layout.Panel(weights, p, firstInput, input.ColumnCount),
                output.Columns(PanelLayout.FirstOutput(p), layout.Width(p)));
        }
    }

    /// <summary>Computes logits, padding included, from activations.</summary>
    public static void ComputeLogits(IKernels kernels, NetworkParameters parameters, MatrixSpan activations, MatrixSpan logits)
    {
        PanelLayout layout = parameters.OutputLayout;
        FillBiases(parameters.OutputBiases, logits);
        AddDense(kernels, layout, activations.Columns(0, layout.InputCount), 0, parameters.OutputWeights, logits);
    }
}
