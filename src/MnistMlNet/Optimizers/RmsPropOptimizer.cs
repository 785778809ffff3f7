using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <inheritdoc cref="Optimizer.RmsProp"/>
/// <remarks>This is Adam with β₁ = 0 and without bias correction, so it uses the kernel of Adam.</remarks>
internal sealed class RmsPropOptimizer(ResolvedOptions plan, IKernels kernels, int length) : ParameterOptimizer
{
    private readonly AlignedArray _lastGradient = new(length);
    private readonly AlignedArray _meanSquare = new(length);
    private AdamStep _step;

    // Without the last gradient, which is cleared in each step.
    public override IReadOnlyList<AlignedArray> State => [_meanSquare];

    public override void BeginStep(float learningRate)
    {
        StepCount++;
        double decay = (double)(decimal)plan.RmsPropDecay;
        _step = new AdamStep(OneMinusBeta1: 1, (float)(1 - decay), learningRate, RootScale: 1, plan.Epsilon, Decay: 1);
        Idle?.Add(decay: 1);
    }

    public override void Update(int offset, Span<float> parameters, Span<float> gradient, bool areWeights)
    {
        if (areWeights)
        {
            Penalty.AddGradient(parameters, gradient, plan.L2Regularization, plan.L1Regularization);
        }

        // For β = 0 the mean must be g. The kernel computes m + (1 - β)(g - m), which rounds a g far below m to 0, but is exact for m = 0.
        Span<float> lastGradient = _lastGradient.Slice(offset, parameters.Length),
            meanSquare = _meanSquare.Slice(offset, parameters.Length);
        lastGradient.Clear();
        if (plan.RmsPropDecay == 0)
        {
            meanSquare.Clear();
        }

        kernels.Adam(parameters, gradient, lastGradient, meanSquare, _step);
    }

    public override void UpdateIdle(int offset, Span<float> weights, int first, int end)
    {
        // Without L2 and L1 (AllowsIdle) a gradient of 0 changes no weight.
        Span<float> meanSquare = _meanSquare.Slice(offset, weights.Length);
        if (meanSquare.ContainsAnyExcept(0f))
        {
            Subnormal.Scale(meanSquare, (float)Math.Pow((double)(decimal)plan.RmsPropDecay, end - first));
        }
    }
}
