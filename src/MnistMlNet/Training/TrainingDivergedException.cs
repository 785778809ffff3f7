using System.Globalization;

namespace MnistMlNet.Training;

/// <summary>A loss or a parameter isn't finite any more. The loop turns it into a result or an error of <c>Fit</c>.</summary>
internal sealed class TrainingDivergedException(string what, double value, int epoch, long batch, float learningRate)
    : Exception(string.Create(
        CultureInfo.InvariantCulture,
        $"Training diverged: {what} is {value} in epoch {epoch}, batch {batch}, at the learning rate {learningRate}. "
        + $"Lower Options.LearningRate, or bring the features to a common scale first, for example with NormalizeMinMax."));
