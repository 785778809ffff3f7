using System.Numerics.Tensors;
using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <summary>An update rule and its state; each block of the state is as long as the parameters.</summary>
internal abstract class ParameterOptimizer
{
    /// <summary>Gets or sets the number of steps begun so far.</summary>
    public long StepCount { get; set; }

    /// <summary>Gets the blocks that the rule keeps from step to step, in a fixed order; a checkpoint saves them.</summary>
    public abstract IReadOnlyList<AlignedArray> State { get; }

    /// <summary>Begins a step: computes the scalars that are the same for all parameters.</summary>
    public abstract void BeginStep(float learningRate);

    /// <summary>Updates a range of the parameters; ranges may be updated in parallel.</summary>
    /// <param name="offset">Where the range starts in <see cref="NetworkParameters.All"/>.</param>
    /// <param name="gradient">The gradient of the range; its content may be overwritten.</param>
    /// <param name="areWeights">Whether regularization applies: to weights, not to biases.</param>
    public abstract void Update(int offset, Span<float> parameters, Span<float> gradient, bool areWeights);

    /// <summary>Makes the optimizer that the options select.</summary>
    public static ParameterOptimizer Create(ResolvedOptions plan, IKernels kernels, int length) =>
        GetRule(plan).Create(plan, kernels, length);

    /// <summary>The number of blocks, each as long as the parameters, that the optimizer of the options allocates.</summary>
    public static int CountBlocks(ResolvedOptions plan) => GetRule(plan).BlockCount;

    private static (int BlockCount, Func<ResolvedOptions, IKernels, int, ParameterOptimizer> Create) GetRule(ResolvedOptions plan) =>
        plan.Optimizer switch
        {
            Optimizer.GradientDescent => (plan.Momentum == 0 ? 0 : 1, (p, k, length) => new GradientDescentOptimizer(p, k, length)),
            Optimizer.RmsProp => (2, (p, k, length) => new RmsPropOptimizer(p, k, length)),
            Optimizer.Adam => (2, (p, k, length) => new AdamOptimizer(p, k, length)),
            _ => throw UnknownMember.Of(plan.Optimizer),                          // L-BFGS doesn't update each parameter independently
        };
}

/// <summary>The L1 and L2 terms of regularization. They apply to weights only, not to biases.</summary>
internal static class Penalty
{
    private const int Chunk = 256;

    /// <summary>Adds <c>l2 · w + l1 · sign(w)</c> to the gradient, with sign(0) = 0: the gradient of <c>l2/2 · w² + l1 · |w|</c>.</summary>
    public static void AddGradient(ReadOnlySpan<float> weights, Span<float> gradient, float l2, float l1)
    {
        if (l2 != 0)
        {
            TensorPrimitives.MultiplyAdd(weights, l2, gradient, gradient);
        }

        if (l1 != 0)
        {
            for (int i = 0; i < weights.Length; i++)
            {
                gradient[i] += weights[i] > 0 ? l1 : weights[i] < 0 ? -l1 : 0;
            }
        }
    }

    /// <summary>Moves weights towards 0 by <paramref name="distance"/>, and no further than 0 (soft thresholding).</summary>
    public static void SoftThreshold(Span<float> weights, float distance)
    {
        Span<float> buffer = stackalloc float[Chunk];
        for (int first = 0; first < weights.Length; first += Chunk)
        {
            Span<float> part = weights.Slice(first, Math.Min(Chunk, weights.Length - first)), change = buffer[..part.Length];
            TensorPrimitives.Clamp(part, -distance, distance, change);
            TensorPrimitives.Subtract(part, change, part);
        }
    }
}
