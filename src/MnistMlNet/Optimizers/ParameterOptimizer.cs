using System.Numerics.Tensors;
using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <summary>An update rule and its state; each block of the state is as long as the parameters.</summary>
internal abstract class ParameterOptimizer
{
    /// <summary>The maximum length of a table of powers, reached with a β₁ of 0.9997.</summary>
    private const int MaxPowers = 1 << 16;

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

    /// <summary>Gets the steps of this epoch, recorded for <see cref="UpdateIdle"/>; null if they aren't recorded.</summary>
    public IdleSteps? Idle { get; init; }

    /// <summary>
    /// Updates weights, in the present epoch, by several steps in which their gradient was 0. It needs <see cref="Idle"/>.
    /// </summary>
    /// <remarks>The result is that of <see cref="Update"/> step by step, except for rounding.</remarks>
    /// <param name="first">The first of the steps, counted from the beginning of the epoch.</param>
    /// <param name="end">The step after the last one.</param>
    public abstract void UpdateIdle(int offset, Span<float> weights, int first, int end);

    /// <summary>Whether the options allow <see cref="UpdateIdle"/>.</summary>
    /// <remarks>
    /// L1 and a limit of the norm change every weight in every step by an amount that depends on it; so do λ with momentum, and λ with
    /// RMSProp, where it is part of the gradient.
    /// </remarks>
    public static bool AllowsIdle(ResolvedOptions plan) =>
        plan.L1Regularization == 0 && !float.IsFinite(plan.MaxNorm)
        && (plan.L2Regularization == 0 || plan.LearningRate * plan.L2Regularization < 1 && plan.Optimizer switch
        {
            Optimizer.Adam => true,
            Optimizer.GradientDescent => plan.Momentum == 0,
            _ => false,
        })
        && (plan.Optimizer != Optimizer.Adam || AdamPowers.CountSteps(plan.Beta1) <= MaxPowers);

    /// <summary>Makes the optimizer that the options select.</summary>
    /// <param name="recordsIdle">Whether <see cref="UpdateIdle"/> will be called.</param>
    public static ParameterOptimizer Create(ResolvedOptions plan, IKernels kernels, int length, bool recordsIdle = false) =>
        GetRule(plan).Create(plan, kernels, length, recordsIdle ? new IdleSteps() : null);

    /// <summary>The number of blocks, each as long as the parameters, that the optimizer of the options allocates.</summary>
    public static int CountBlocks(ResolvedOptions plan) => GetRule(plan).BlockCount;

    private static (int BlockCount, OptimizerFactory Create) GetRule(ResolvedOptions plan) => plan.Optimizer switch
    {
        Optimizer.GradientDescent => (
            plan.Momentum == 0 ? 0 : 1, (p, k, length, idle) => new GradientDescentOptimizer(p, k, length) { Idle = idle }),
        Optimizer.RmsProp => (2, (p, k, length, idle) => new RmsPropOptimizer(p, k, length) { Idle = idle }),
        Optimizer.Adam => (2, (p, k, length, idle) =>
            new AdamOptimizer(p, k, length, idle is null ? null : new AdamPowers(p.Beta1, p.Beta2)) { Idle = idle }),
        _ => throw UnknownMember.Of(plan.Optimizer),                              // L-BFGS doesn't update each parameter independently
    };

    private delegate ParameterOptimizer OptimizerFactory(ResolvedOptions plan, IKernels kernels, int length, IdleSteps? idle);
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
