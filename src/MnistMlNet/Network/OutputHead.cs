using MnistMlNet.Data;
using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>What the sums of the output layer mean: their loss and its gradient while training, and the link function for scores.</summary>
/// <remarks>Called for a range of rows at a time, so the virtual call costs nothing that can be measured.</remarks>
internal abstract class OutputHead
{
    /// <summary>Makes the head of a network.</summary>
    /// <param name="labelSmoothing">The share s of the target that is spread over all classes: <c>t = (1 - s) · oneHot + s / C</c>.</param>
    public static OutputHead Create(IKernels kernels, NetworkParameters parameters, float labelSmoothing = 0) =>
        new SoftmaxCrossEntropyHead(kernels, parameters, labelSmoothing);

    /// <summary>
    /// Turns the logits of rows <paramref name="first"/> … <paramref name="end"/> - 1 into <c>dZ2</c>, the gradient of the loss by the
    /// logits, and fills in the loss and the predicted class of each row.
    /// </summary>
    /// <param name="scale">The factor of each row's gradient, besides its weight: 1 / B.</param>
    public abstract void ComputeLosses(Batch batch, Workspace workspace, int first, int end, float scale);

    /// <summary>Turns logits into scores, in place.</summary>
    /// <param name="logits">With the lanes beyond the outputs.</param>
    public abstract void ApplyLink(MatrixSpan logits);
}
