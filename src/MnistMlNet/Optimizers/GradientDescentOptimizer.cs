using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <inheritdoc cref="Optimizer.GradientDescent"/>
internal sealed class GradientDescentOptimizer(ResolvedOptions plan, IKernels kernels, int length) : ParameterOptimizer
{
    private readonly AlignedArray? _velocity = plan.Momentum == 0 ? null : new AlignedArray(length);
    private GradientDescentStep _weightStep;
    private GradientDescentStep _biasStep;

    public override IReadOnlyList<AlignedArray> State => _velocity is null ? [] : [_velocity];

    public override void BeginStep(float learningRate)
    {
        StepCount++;
        _weightStep = new GradientDescentStep(learningRate, plan.Momentum, plan.Nesterov, plan.L2Regularization);
        _biasStep = _weightStep with { L2 = 0 };
    }

    public override void Update(int offset, Span<float> parameters, Span<float> gradient, bool areWeights)
    {
        if (areWeights && plan.L1Regularization != 0)
        {
            Penalty.AddGradient(parameters, gradient, l2: 0, plan.L1Regularization);
        }

        kernels.GradientDescent(
            parameters, gradient, _velocity is null ? [] : _velocity.Slice(offset, parameters.Length),
            areWeights ? _weightStep : _biasStep);
    }
}
