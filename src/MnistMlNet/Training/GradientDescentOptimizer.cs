using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <inheritdoc cref="Optimizer.GradientDescent"/>
internal sealed class GradientDescentOptimizer(IKernels kernels, int length, float momentum, bool nesterov, float l2) : ParameterOptimizer
{
    private readonly AlignedArray? _velocity = momentum == 0 ? null : new AlignedArray(length);
    private GradientDescentStep _weightStep;
    private GradientDescentStep _biasStep;

    public override void BeginStep(float learningRate)
    {
        _weightStep = new GradientDescentStep(learningRate, momentum, nesterov, l2);
        _biasStep = _weightStep with { L2 = 0 };
    }

    public override void Update(int offset, Span<float> parameters, ReadOnlySpan<float> gradient, bool decays) => kernels.GradientDescent(
        parameters, gradient, _velocity is null ? [] : _velocity.Slice(offset, parameters.Length), decays ? _weightStep : _biasStep);
}
