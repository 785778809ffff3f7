using System.Globalization;
using MnistMlNet.Configuration;

namespace MnistMlNet.Training;

/// <summary>Thrown if a loss or a parameter isn't finite. The loop then returns the best epoch, or <c>Fit</c> fails.</summary>
/// <param name="plan">The options, which decide what can be changed.</param>
internal sealed class TrainingDivergedException(
    string what, double value, int epoch, long batch, float learningRate, ResolvedOptions plan)
    : Exception(string.Create(
        CultureInfo.InvariantCulture,
        $"Training diverged: {what} is {value} in epoch {epoch}, batch {batch}, at the learning rate {learningRate}. "
        + $"{(plan.Optimizer == Optimizer.Lbfgs ? "Set Options.Optimizer to Adam" : "Lower Options.LearningRate")}"
        + $"{string.Concat(plan.UsesOwnUnits.Select(name => $", or leave Options.{name} true"))}."));
