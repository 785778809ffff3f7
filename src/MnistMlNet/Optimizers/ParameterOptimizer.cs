using System.Numerics.Tensors;
using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <summary>An update rule with its state, blocks as long as the parameters'.</summary>
internal abstract class ParameterOptimizer
{
    /// <summary>Gets or sets the number of steps begun so far.</summary>
    public long StepCount { get; set; }

    /// <summary>Gets the blocks that the rule remembers from step to step, in a fixed order.</summary>
    public abstract IReadOnlyList<AlignedArray> State { get; }

    /// <summary>Begins a step: works out what all parameters share.</summary>
    public abstract void BeginStep(float learningRate);

    /// <summary>Updates a range of the parameters; ranges may be updated in parallel.</summary>
    /// <param name="offset">Where the range starts in <see cref="NetworkParameters.All"/>.</param>
    /// <param name="gradient">Of the range; it may be changed.</param>
    /// <param name="areWeights">Whether regularization applies: to weights, not to biases.</param>
    public abstract void Update(int offset, Span<float> parameters, Span<float> gradient, bool areWeights);

    /// <summary>Makes the optimizer of a plan.</summary>
    public static ParameterOptimizer Create(ResolvedOptions plan, IKernels kernels, int length) => plan.Optimizer switch
    {
        Optimizer.GradientDescent => new GradientDescentOptimizer(plan, kernels, length),
        Optimizer.RmsProp => new RmsPropOptimizer(plan, kernels, length),
        Optimizer.Adam => new AdamOptimizer(plan, kernels, length),
        _ => throw UnknownMember.Of(plan.Optimizer),                              // L-BFGS isn't a rule for single parameters
    };
}

/// <summary>What regularization adds to gradients or takes from weights; biases are left alone.</summary>
internal static class Penalty
{
    private const int Chunk = 256;

    /// <summary>Adds <c>l2 · w + l1 · sign(w)</c> to the gradient, with sign(0) = 0: the slope of <c>l2/2 · w² + l1 · |w|</c>.</summary>
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
        Span<float> moves = stackalloc float[Chunk];
        for (int first = 0; first < weights.Length; first += Chunk)
        {
            Span<float> part = weights.Slice(first, Math.Min(Chunk, weights.Length - first)), move = moves[..part.Length];
            TensorPrimitives.Clamp(part, -distance, distance, move);
            TensorPrimitives.Subtract(part, move, part);
        }
    }
}
