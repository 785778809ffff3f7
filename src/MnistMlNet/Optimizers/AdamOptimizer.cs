using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <inheritdoc cref="Optimizer.Adam"/>
/// <remarks>
/// L1 and L2 are decoupled from the gradient: as parts of it they would be divided by √v, so large gradients would cancel their effect.
/// </remarks>
internal sealed class AdamOptimizer(ResolvedOptions plan, IKernels kernels, int length) : ParameterOptimizer
{
    private readonly AlignedArray _firstMoment = new(length);
    private readonly AlignedArray _secondMoment = new(length);
    private AdamStep _weightStep;
    private AdamStep _biasStep;
    private float _threshold;

    public override IReadOnlyList<AlignedArray> State => [_firstMoment, _secondMoment];

    public override void BeginStep(float learningRate)
    {
        // Converted by way of decimal: 0.9f is 0.899999976 as a double, and in 1 - β₂, which is small, such an error would be noticeable.
        double beta1 = (double)(decimal)plan.Beta1, beta2 = (double)(decimal)plan.Beta2;
        StepCount++;
        double rate = learningRate / (1 - Math.Pow(beta1, StepCount));
        double rootScale = 1 / Math.Sqrt(1 - Math.Pow(beta2, StepCount));
        _biasStep = new AdamStep((float)(1 - beta1), (float)(1 - beta2), (float)rate, (float)rootScale, plan.Epsilon, Decay: 1);
        _weightStep = _biasStep with { Decay = 1 - learningRate * plan.L2Regularization };
        _threshold = learningRate * plan.L1Regularization;
    }

    public override void Update(int offset, Span<float> parameters, Span<float> gradient, bool areWeights)
    {
        Span<float> first = _firstMoment.Slice(offset, parameters.Length), second = _secondMoment.Slice(offset, parameters.Length);

        // For β = 0 the mean must be g. The kernel computes m + (1 - β)(g - m), which rounds a g far below m to 0, but is exact for m = 0.
        if (plan.Beta1 == 0)
        {
            first.Clear();
        }

        if (plan.Beta2 == 0)
        {
            second.Clear();
        }

        kernels.Adam(parameters, gradient, first, second, areWeights ? _weightStep : _biasStep);
        if (areWeights && _threshold != 0)
        {
            Penalty.SoftThreshold(parameters, _threshold);
        }
    }
}
