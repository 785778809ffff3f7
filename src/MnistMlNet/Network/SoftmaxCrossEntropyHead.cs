using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using MnistMlNet.Data;
using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>The head for one class out of several: softmax, and the cross-entropy between its probabilities and the label.</summary>
internal sealed class SoftmaxCrossEntropyHead(IKernels kernels, NetworkParameters parameters, float labelSmoothing) : OutputHead
{
    private readonly int _classCount = parameters.Shape.OutputCount;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ComputeLosses(Batch batch, Workspace workspace, int first, int end, float scale)
    {
        int count = end - first;
        MatrixSpan logits = workspace.LogitRows(first, end);
        ReadOnlySpan<int> labels = batch.Labels.AsSpan(first, count);
        ReadOnlySpan<float> weights = batch.Weights.AsSpan(first, count);
        Span<float> losses = workspace.Losses.AsSpan(first, count);
        Span<float> smoothed = workspace.SmoothingLosses.AsSpan(first, count);
        if (labelSmoothing != 0)
        {
            for (int r = 0; r < count; r++)
            {
                smoothed[r] = SmoothingLoss(logits.Row(r)[.._classCount], labels[r]);
            }
        }

        ReadOnlySpan<int> predicted = workspace.Predicted.AsSpan(first, count);
        kernels.SoftmaxCrossEntropy(logits, labels, weights, scale, losses, workspace.Predicted.AsSpan(first, count));
        for (int r = 0; r < count; r++)
        {
            // Of logits that are NaN the kernel names the first class, whatever the label is.
            workspace.Correct[first + r] = predicted[r] == labels[r] && !float.IsNaN(losses[r]) ? 1 : 0;
        }

        if (labelSmoothing != 0)
        {
            TensorPrimitives.Add(losses, smoothed, losses);
            for (int r = 0; r < count; r++)
            {
                // The kernel computed P - oneHot; the gradient is P - t.
                Span<float> gradient = logits.Row(r)[.._classCount];
                float smoothing = scale * weights[r] * labelSmoothing;
                TensorPrimitives.Subtract(gradient, smoothing / gradient.Length, gradient);
                gradient[labels[r]] += smoothing;
            }
        }
    }

    public override void ApplyLink(MatrixSpan logits) => kernels.Softmax(logits);

    /// <summary>
    /// The term that smoothing adds to the loss <c>-ln p[label]</c>: <c>s · (z[label] - mean z)</c>, since <c>-ln p = ln Σ exp z - z</c>.
    /// </summary>
    private float SmoothingLoss(ReadOnlySpan<float> logits, int label) =>
        labelSmoothing * (logits[label] - TensorPrimitives.Sum(logits) / logits.Length);
}
