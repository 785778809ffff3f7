using MnistMlNet.Data;
using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>The loss of the output layer and its gradient for training, and the link function that turns logits into scores.</summary>
/// <remarks>Each call processes a range of rows, so the cost of a virtual call is too small to measure.</remarks>
internal abstract class OutputHead
{
    /// <summary>Makes the output head of a network.</summary>
    /// <param name="labelSmoothing">The part s of the target that is spread over all classes: <c>t = (1 - s) · oneHot + s / C</c>.</param>
    public static OutputHead Create(IKernels kernels, NetworkParameters parameters, float labelSmoothing = 0) =>
        new SoftmaxCrossEntropyHead(kernels, parameters, labelSmoothing);

    /// <summary>
    /// Computes the loss and the predicted class of rows <paramref name="first"/> … <paramref name="end"/> - 1, and replaces their logits
    /// by <c>dZ2</c>, the gradient of the loss with respect to the logits.
    /// </summary>
    /// <param name="scale">The factor of each row's gradient in addition to its weight: 1 / B.</param>
    public abstract void ComputeLosses(Batch batch, Workspace workspace, int first, int end, float scale);

    /// <summary>Turns logits into scores, in place.</summary>
    /// <param name="logits">Padding included.</param>
    public abstract void ApplyLink(MatrixSpan logits);
}
