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
