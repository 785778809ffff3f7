using System.Globalization;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>Refuses features so large that training would change nothing and say nothing.</summary>
/// <remarks>Only where <c>Options.StandardizeFeatures</c> is false: else features are scaled.</remarks>
internal static class LargeFeatures
{
    /// <summary>The largest sum of a row's magnitudes.</summary>
    /// <remarks>
    /// A gradient can be as large. Adam and RMSProp divide by the root of its square: above 1.8e19 that is infinite, and the step 0.
    /// </remarks>
    public const float MostMagnitude = 1e18f;

    /// <summary>The least learning rate that is chosen: 2⁻²⁴, half the distance of floats near 1: less changes no weight there.</summary>
    public const float LeastLearningRate = 1f / (1 << 24);

    /// <exception cref="InvalidOperationException">A row is too large for any learning rate.</exception>
    public static void CheckRows(TrainingColumns columns, TrainingSet set, bool areScaled)
    {
        if (!areScaled && set.LargestRow.Magnitude > MostMagnitude)
        {
            float magnitude = Math.Min(set.LargestRow.Magnitude, float.MaxValue);  // the sum itself overflows where the features don't
            string sum = (magnitude < float.MaxValue ? "" : "more than ") + magnitude.ToString(CultureInfo.InvariantCulture);
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Row {set.LargestRow.Position} of column '{Shown.Text(columns.Features.Name)}' has features whose magnitudes "
                + $"add up to {sum}; "
                + $"at most {MostMagnitude} can be trained on. "
                + $"Options.StandardizeFeatures is false, so features aren't scaled: "
                + $"set it to true, or normalize them, for example with NormalizeMinMax."));
        }
    }

    /// <param name="given">The learning rate of the options.</param>
    /// <param name="chosen">The learning rate of the plan.</param>
    /// <exception cref="InvalidOperationException">The learning rate was chosen by the size of the features, and is too small.</exception>
    public static void CheckLearningRate(TrainingColumns columns, float? given, float chosen)
    {
        if (given is null && chosen < LeastLearningRate)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The features of column '{Shown.Text(columns.Features.Name)}' are so large that the learning rate "
                + $"chosen for them is {chosen}; "
                + $"with less than {LeastLearningRate} weights near 1 don't change. "
                + $"Normalize the features, for example with NormalizeMinMax, or give Options.LearningRate."));
        }
    }
}
