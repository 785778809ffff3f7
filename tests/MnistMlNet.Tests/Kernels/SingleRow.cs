using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

/// <summary>Calls the kernels for many rows with one row.</summary>
internal static class SingleRow
{
    public static float RowLoss(this IKernels kernels, Span<float> logits, int label, float scale, out int predicted)
    {
        Span<float> losses = [float.NaN];
        Span<int> places = [-1];
        kernels.SoftmaxCrossEntropy(new MatrixSpan(logits, 1, logits.Length, logits.Length), [label], [1], scale, losses, places);
        predicted = places[0];
        return losses[0];
    }

    public static void RowSoftmax(this IKernels kernels, Span<float> logits) =>
        kernels.Softmax(new MatrixSpan(logits, 1, logits.Length, logits.Length));
}
