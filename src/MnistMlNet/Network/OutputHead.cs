using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>The loss of the output layer and its gradient for training, and the link function that turns logits into scores.</summary>
/// <remarks>Each call processes a range of rows, so the cost of a virtual call is too small to measure.</remarks>
internal abstract class OutputHead
{
    /// <summary>Makes the head of a network.</summary>
    /// <param name="loss">What is minimized or measured; scores don't depend on it.</param>
    public static OutputHead Create(IKernels kernels, NetworkParameters parameters, OutputLoss loss = default) =>
        parameters.Shape.Link switch
        {
            OutputLink.Softmax => new SoftmaxCrossEntropyHead(kernels, parameters, loss.LabelSmoothing),
            OutputLink.Sigmoid => new SigmoidCrossEntropyHead(kernels, parameters, loss.LabelSmoothing),
            OutputLink.Identity or OutputLink.Exponential => new RegressionHead(kernels, parameters, loss),
            _ => throw UnknownMember.Of(parameters.Shape.Link),
        };

    /// <summary>
    /// Turns the logits of rows <paramref name="first"/> … <paramref name="end"/> - 1 into <c>dZ2</c>, the gradient of the loss by the
    /// logits, and fills in the loss of each row and how good its scores are. <c>dZ2</c> is 0 in the lanes beyond the outputs.
    /// </summary>
    /// <param name="scale">The factor of each row's gradient in addition to its weight: 1 / B.</param>
    public abstract void ComputeLosses(Batch batch, Workspace workspace, int first, int end, float scale);

    /// <summary>Turns logits into scores, in place.</summary>
    /// <param name="logits">Padding included.</param>
    public abstract void ApplyLink(MatrixSpan logits);
}

/// <summary>What distinguishes losses that have the same link function.</summary>
/// <param name="LabelSmoothing">Of classes: the share s of the target that is spread over all of them.</param>
/// <param name="Regression">Of numbers: which loss.</param>
/// <param name="Parameter">δ of <see cref="RegressionLoss.Huber"/>, q of <see cref="RegressionLoss.Quantile"/>.</param>
/// <param name="TargetScales">Of numbers: the unit of each output's target while training; null for 1.</param>
internal readonly record struct OutputLoss(
    float LabelSmoothing = 0, RegressionLoss Regression = RegressionLoss.Squared, float Parameter = 0, float[]? TargetScales = null)
{
    /// <summary>Gets the loss that training minimizes.</summary>
    public static OutputLoss ToTrain(ResolvedOptions plan) => ToMeasure(plan) with { LabelSmoothing = plan.LabelSmoothing };

    /// <summary>Gets the loss that validation rows are measured by.</summary>
    public static OutputLoss ToMeasure(ResolvedOptions plan) => new(0, plan.RegressionLoss, plan.LossParameter, plan.TargetScales);
}
