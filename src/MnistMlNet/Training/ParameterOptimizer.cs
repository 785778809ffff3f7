using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>An update rule with its state, one block as long as the parameters'.</summary>
internal abstract class ParameterOptimizer
{
    /// <summary>Begins a step: works out what all parameters share.</summary>
    public abstract void BeginStep(float learningRate);

    /// <summary>Updates a range of the parameters; ranges may be updated in parallel.</summary>
    /// <param name="offset">Where the range starts in <see cref="NetworkParameters.All"/>.</param>
    /// <param name="decays">Whether L2 regularization applies: to weights, not to biases.</param>
    public abstract void Update(int offset, Span<float> parameters, ReadOnlySpan<float> gradient, bool decays);

    public static ParameterOptimizer Create(TrainingPlan plan, IKernels kernels, int length) => plan.Optimizer switch
    {
        Optimizer.GradientDescent => new GradientDescentOptimizer(kernels, length, plan.Momentum, plan.Nesterov, plan.L2Regularization),
        _ => new AdamOptimizer(kernels, length, plan.L2Regularization),
    };
}
