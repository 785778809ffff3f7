using System.Runtime.InteropServices;
using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <inheritdoc cref="Optimizer.Adam"/>
/// <remarks>
/// L1 and L2 are decoupled from the gradient: as parts of it they would be divided by √v, so large gradients would cancel their effect.
/// </remarks>
/// <param name="powers">Those of the options' β₁ and β₂, for <see cref="ParameterOptimizer.UpdateIdle"/>; null if it isn't called.
/// For a β₁ near 1 they are large.</param>
internal sealed class AdamOptimizer(ResolvedOptions plan, IKernels kernels, int length, AdamPowers? powers = null) : ParameterOptimizer
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
        Idle?.Add(_weightStep.Decay);
        Idle?.Adam.Add(_weightStep);
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

    public override void UpdateIdle(int offset, Span<float> weights, int first, int end)
    {
        Span<float> firstMoment = _firstMoment.Slice(offset, weights.Length), secondMoment = _secondMoment.Slice(offset, weights.Length);
        int count = firstMoment.ContainsAnyExcept(0f) ? Math.Min(end - first, powers!.Count) : 0;
        kernels.AdamIdle(weights, firstMoment, secondMoment, new AdamIdleSteps
        {
            Steps = CollectionsMarshal.AsSpan(Idle!.Adam).Slice(first, count),
            Beta1 = powers!.Beta1.Table,
            RootBeta2 = powers.RootBeta2.Table,
            FirstScale = powers.Beta1[end - first],
            SecondScale = powers.Beta2[end - first],
            FurtherDecay = Idle.Decay(first + count, end),
        });
    }
}

/// <summary>The powers of Adam's decay rates.</summary>
internal sealed class AdamPowers
{
    /// <summary>After this reduction, what a mean gradient still moves a weight by is below the rounding of the weight.</summary>
    private const double Negligible = 1e-8;

    public AdamPowers(float beta1, float beta2)
    {
        Count = CountSteps(beta1);
        Beta1 = new Powers((double)(decimal)beta1, Count);
        Beta2 = new Powers((double)(decimal)beta2, Count);
        RootBeta2 = new Powers(Math.Sqrt((double)(decimal)beta2), Count);
    }

    /// <summary>Gets the number of steps in which a mean gradient matters.</summary>
    public int Count { get; }

    public Powers Beta1 { get; }

    public Powers Beta2 { get; }

    public Powers RootBeta2 { get; }

    /// <summary>The number of steps after which β₁ⁿ is negligible.</summary>
    public static int CountSteps(float beta1) => beta1 == 0 ? 1 : (int)Math.Min(int.MaxValue, Math.Ceiling(Math.Log(Negligible, beta1)));
}
