using System.Numerics.Tensors;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>Numbers: the output itself, or its exponential for counts, and one of the losses of <see cref="RegressionLoss"/>.</summary>
internal sealed class RegressionHead(IKernels kernels, NetworkParameters parameters, OutputLoss loss) : OutputHead
{
    private readonly int _outputCount = parameters.Shape.OutputCount;
    private readonly bool _isExponential = parameters.Shape.Link == OutputLink.Exponential;
    private readonly ElementLossKind _kind = KindOf(loss.Regression);

    public override void ComputeLosses(Batch batch, Workspace workspace, int first, int end, float scale)
    {
        int count = end - first;
        MatrixSpan logits = workspace.LogitRows(first, end), targets = batch.TargetRows(first, end);
        for (int r = 0; r < count; r++)
        {
            MeasureErrors(
                logits.Row(r), targets.Row(r), out workspace.SquaredErrors[first + r], out workspace.StandardizedErrors[first + r]);
        }

        kernels.ElementLoss(
            new ElementLossStep(_kind, loss.Parameter, _outputCount, scale), logits, targets, batch.Weights.AsSpan(first, count),
            workspace.Losses.AsSpan(first, count));
    }

    public override void ApplyLink(MatrixSpan logits)
    {
        for (int r = 0; r < logits.RowCount && _isExponential; r++)
        {
            TensorPrimitives.Exp(logits.Row(r), logits.Row(r));
        }
    }

    private static ElementLossKind KindOf(RegressionLoss loss) => loss switch
    {
        RegressionLoss.Squared => ElementLossKind.Squared,
        RegressionLoss.Absolute => ElementLossKind.Absolute,
        RegressionLoss.Huber => ElementLossKind.Huber,
        RegressionLoss.Poisson => ElementLossKind.Poisson,
        RegressionLoss.Quantile => ElementLossKind.Quantile,
        _ => throw UnknownMember.Of(loss),
    };

    /// <summary>The mean over the outputs of the squared error, in the label's unit and in that of training.</summary>
    private void MeasureErrors(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, out double inLabelUnits, out double standardized)
    {
        double sum = 0, scaledSum = 0;
        for (int k = 0; k < _outputCount; k++)
        {
            double error = (double)(_isExponential ? MathF.Exp(logits[k]) : logits[k]) - targets[k];
            double scaled = loss.TargetScales is null ? error : error * loss.TargetScales[k];
            sum += error * error;
            scaledSum += scaled * scaled;
        }

        inLabelUnits = scaledSum / _outputCount;
        standardized = sum / _outputCount;
    }
}
