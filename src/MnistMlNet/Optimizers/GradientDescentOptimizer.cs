using System.Numerics.Tensors;
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
        Idle?.Add(1 - (double)learningRate * plan.L2Regularization);
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

    public override void UpdateIdle(int offset, Span<float> weights, int first, int end)
    {
        if (_velocity is null)
        {
            if (plan.L2Regularization != 0)
            {
                TensorPrimitives.Multiply(weights, Idle!.Decay(first, end), weights);
            }

            return;
        }

        // The velocity μᵏ u is added in step k = 1 … n, with Nesterov momentum μ times as much. There is no L2 here: AllowsIdle.
        Span<float> velocity = _velocity.Slice(offset, weights.Length);
        if (velocity.ContainsAnyExcept(0f))
        {
            double momentum = (double)(decimal)plan.Momentum, power = Math.Pow(momentum, end - first);
            double sum = momentum * (1 - power) / (1 - momentum) * (plan.Nesterov ? momentum : 1);
            TensorPrimitives.MultiplyAdd(velocity, (float)sum, weights, weights);
            Subnormal.Scale(velocity, (float)power);
        }
    }
}
