namespace MnistMlNet.Optimizers.Lbfgs;

/// <summary>What one iteration of <see cref="LbfgsMinimizer"/> did.</summary>
/// <param name="Status">Whether to go on.</param>
/// <param name="Loss">The loss at the parameters as they stand now.</param>
/// <param name="LargestGradient">The largest magnitude of the gradient's entries there.</param>
/// <param name="StepLength">The step α along the direction; 0 where the parameters didn't move.</param>
/// <param name="StrongWolfe">Whether the step meets both strong Wolfe conditions. At a kink, as ReLU has them, it may have no more than the first.</param>
/// <param name="Evaluations">How often the loss was computed.</param>
internal readonly record struct LbfgsOutcome(
    LbfgsStatus Status, double Loss, float LargestGradient, double StepLength, bool StrongWolfe, int Evaluations);
