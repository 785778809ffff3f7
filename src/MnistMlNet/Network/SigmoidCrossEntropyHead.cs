using System.Numerics.Tensors;
using MnistMlNet.Data;
using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>Answers of yes or no that are independent of each other: one of them for two classes, many for multi-label.</summary>
/// <remarks>
/// <c>p = 1 / (1 + exp(-z))</c> for each output, and the mean over the outputs of <c>-y ln p - (1 - y) ln(1 - p)</c>. A target of NaN is
/// unknown: it has neither loss nor gradient.
/// </remarks>
/// <param name="labelSmoothing">The share s of the target that is spread over both answers: <c>t = (1 - s) · y + s / 2</c>.</param>
internal sealed class SigmoidCrossEntropyHead(IKernels kernels, NetworkParameters parameters, float labelSmoothing) : OutputHead
{
    private readonly int _outputCount = parameters.Shape.OutputCount;

    public override void ComputeLosses(Batch batch, Workspace workspace, int first, int end, float scale)
    {
        int count = end - first;
        MatrixSpan logits = workspace.LogitRows(first, end), targets = batch.TargetRows(first, end);
        for (int r = 0; r < count; r++)
        {
            workspace.Correct[first + r] = ShareOfCorrect(logits.Row(r)[.._outputCount], targets.Row(r));
            if (labelSmoothing != 0)
            {
                Span<float> row = targets.Row(r)[.._outputCount];
                TensorPrimitives.Multiply(row, 1 - labelSmoothing, row);
                TensorPrimitives.Add(row, labelSmoothing / 2, row);
            }
        }

        kernels.ElementLoss(
            new ElementLossStep(ElementLossKind.LogLoss, 0, _outputCount, scale), logits, targets, batch.Weights.AsSpan(first, count),
            workspace.Losses.AsSpan(first, count));
    }

    public override void ApplyLink(MatrixSpan logits)
    {
        for (int r = 0; r < logits.RowCount; r++)
        {
            TensorPrimitives.Sigmoid(logits.Row(r), logits.Row(r));
        }
    }

    /// <summary>The share of known targets whose answer is right; 1 where none is known.</summary>
    private static float ShareOfCorrect(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets)
    {
        int known = 0, correct = 0;
        for (int k = 0; k < logits.Length; k++)
        {
            known += float.IsNaN(targets[k]) ? 0 : 1;
            correct += targets[k] == (logits[k] > 0 ? 1 : 0) && !float.IsNaN(logits[k]) ? 1 : 0;
        }

        return known == 0 ? 1 : (float)correct / known;
    }
}
