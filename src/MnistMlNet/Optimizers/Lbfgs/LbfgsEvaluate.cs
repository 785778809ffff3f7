namespace MnistMlNet.Optimizers.Lbfgs;

/// <summary>Computes the function that <see cref="LbfgsMinimizer"/> minimizes, at the parameters as they stand.</summary>
/// <param name="gradient">Overwritten with the gradient, one value a parameter.</param>
/// <returns>The function's value. Where it isn't finite, a shorter step is tried.</returns>
/// <remarks>Throwing, as a cancelled run does, leaves minimizer and parameters as they were before the step.</remarks>
internal delegate double LbfgsEvaluate(Span<float> gradient);
