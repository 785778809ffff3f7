namespace MnistMlNet.Optimizers.Lbfgs;

/// <summary>All that <see cref="LbfgsMinimizer"/> carries from one iteration to the next, for a checkpoint.</summary>
/// <param name="Loss">The loss at the present parameters; NaN before the first iteration.</param>
/// <param name="Gradient">The gradient there; empty before the first iteration.</param>
/// <param name="Steps">The kept differences s of the parameters, the oldest first.</param>
/// <param name="GradientChanges">The differences y of the gradients, as many.</param>
/// <param name="Rho">1 / yᵀs, as many.</param>
internal sealed record LbfgsState(double Loss, float[] Gradient, float[][] Steps, float[][] GradientChanges, double[] Rho);
