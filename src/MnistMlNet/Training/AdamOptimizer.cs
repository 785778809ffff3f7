using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <inheritdoc cref="Optimizer.Adam"/>
internal sealed class AdamOptimizer(IKernels kernels, int length, float decay) : ParameterOptimizer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const float Epsilon = 1e-8f;

    private readonly AlignedArray _firstMoment = new(length);
    private readonly AlignedArray _secondMoment = new(length);
    private AdamStep _weightStep;
    private AdamStep _biasStep;
    private long _stepCount;

    public override void BeginStep(float learningRate)
    {
        _stepCount++;
        double rate = learningRate / (1 - Math.Pow(Beta1, _stepCount));
        double rootScale = 1 / Math.Sqrt(1 - Math.Pow(Beta2, _stepCount));
        _biasStep = new AdamStep((float)(1 - Beta1), (float)(1 - Beta2), (float)rate, (float)rootScale, Epsilon, Decay: 1);
        _weightStep = _biasStep with { Decay = 1 - learningRate * decay };
    }

    public override void Update(int offset, Span<float> parameters, ReadOnlySpan<float> gradient, bool decays) => kernels.Adam(
        parameters, gradient, _firstMoment.Slice(offset, parameters.Length), _secondMoment.Slice(offset, parameters.Length),
        decays ? _weightStep : _biasStep);
}
