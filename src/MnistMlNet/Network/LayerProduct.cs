using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>One layer of the network for some rows, panel by panel: <c>Z = X·Wᵀ + b</c>.</summary>
internal static class LayerProduct
{
    /// <summary>Puts the biases where the sums of each row will be.</summary>
    /// <param name="rows">Row r starts at <c>r · stride</c>.</param>
    public static void FillBiases(ReadOnlySpan<float> biases, Span<float> rows, int stride, int rowCount)
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

    /// <summary>Computes the logits of <paramref name="rowCount"/> rows.</summary>
    /// <param name="activations">Row r starts at <c>r · activationStride</c>.</param>
    /// <param name="logits">Row r starts at <c>r · logitStride</c>; overwritten, padding included.</param>
    public static void ComputeLogits(
        IKernels kernels, NetworkParameters parameters, ReadOnlySpan<float> activations, int activationStride,
        Span<float> logits, int logitStride, int rowCount)
    {
        PanelLayout layout = parameters.OutputLayout;
        FillBiases(parameters.OutputBiases, logits, logitStride, rowCount);
        for (int p = 0; p < layout.PanelCount; p++)
        {
            int width = layout.Width(p);
            kernels.MultiplyDense(
                activations, activationStride, 1, parameters.OutputWeights.Slice(layout.Offset(p), layout.InputCount * width), width,
                logits[PanelLayout.FirstOutput(p)..], logitStride, rowCount, layout.InputCount, width);
        }
    }
}
