using System.Globalization;
using System.Numerics.Tensors;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>
/// Scales large features to at most 1 during training, and converts the trained weights to weights for the unscaled features.
/// </summary>
/// <remarks>
/// <c>W1 · x = (W1 · diag s) · (x / s)</c>, where s has the largest |value| of each input. Dividing the inputs by s, and later the trained
/// weights by s, doesn't change the functions that the network can compute. Zeros stay zero, and one learning rate suits all inputs. Raw
/// pixels 0..255 then train as well as scaled ones.
/// </remarks>
internal sealed class FeatureScale
{
    /// <summary>The largest |feature| that isn't scaled.</summary>
    public const float Bound = 10;

    private readonly float[] _scales;
    private readonly bool _isCommon;

    private FeatureScale(float[] scales, bool isCommon)
    {
        _scales = scales;
        _isCommon = isCommon;
    }

    /// <summary>Creates the scale for a training set; returns null where its features are normalized or small enough.</summary>
    /// <param name="augmentation">The augmentation of the rows. Where it moves values between features, all features are divided by the
    /// largest scale, since they need a common one.</param>
    public static FeatureScale? Create(TrainingSet set, IAugmentation? augmentation = null)
    {
        if (set.MaxMagnitudes is not { } magnitudes || TensorPrimitives.MaxMagnitude(magnitudes) is var largest
            && MathF.Abs(largest) <= Bound)
        {
            return null;
        }

        float[] scales = new float[magnitudes.Length];
        for (int i = 0; i < scales.Length; i++)
        {
            // Small features aren't scaled up, since they may be noise.
            scales[i] = Math.Max(1, MathF.Abs(magnitudes[i]));
        }

        bool isCommon = augmentation is { MixesFeatures: true };
        if (isCommon)
        {
            Array.Fill(scales, scales.Max());
        }

        return new FeatureScale(scales, isCommon);
    }

    public string Warning(string columnName)
    {
        string remedy = _isCommon
            ? "so all features are divided by that number while training. Options.Augmentation moves values between features, so they "
                + "need this common scale; "
                + "to make it explicit, divide all features by one number before the trainer."
            : "so each feature is divided by its largest magnitude while training. "
                + "A normalizer before the trainer, such as NormalizeMinMax or NormalizeMeanVariance, makes this explicit and usually "
                    + "does better.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Feature column '{Shown.Text(columnName)}' has values up to {_scales.Max()} and isn't marked as normalized. Values above "
                + $"{Bound} harm training, {remedy}");
    }

    /// <summary>
    /// Gets the divisor of each feature. The weights of input i for unscaled features, multiplied by <c>Scales[i]</c>, are the weights for
    /// scaled features.
    /// </summary>
    public ReadOnlySpan<float> Scales => _scales;

    /// <summary>Gets the factor of each feature, the inverse of <see cref="Scales"/>.</summary>
    public float[] Factors
    {
        get
        {
            float[] factors = new float[_scales.Length];
            TensorPrimitives.Divide(1f, _scales, factors);
            return factors;
        }
    }

    public void ScaleRows(IRowSource rows) => rows.Multiply(Factors);
}

/// <summary>Refuses features that are so large that training would not change the weights, without any error.</summary>
/// <remarks>This happens only where a column is marked as normalized although it isn't: other columns are scaled.</remarks>
internal static class LargeFeatures
{
    /// <summary>The largest accepted sum of a row's magnitudes.</summary>
    /// <remarks>
    /// A gradient can be as large as this sum. Adam and RMSProp divide by the root of its square. Above 1.8e19 the square is infinite, and
    /// the step is 0.
    /// </remarks>
    public const float MaxMagnitude = 1e18f;

    /// <summary>
    /// The smallest accepted learning rate that was chosen by default: 2⁻²⁴, half the distance between floats just above 1. A smaller rate
    /// doesn't change weights near 1.
    /// </summary>
    public const float MinLearningRate = 1f / (1 << 24);

    /// <exception cref="InvalidOperationException">A row is too large for any learning rate.</exception>
    public static void CheckRows(TrainingColumns columns, TrainingSet set)
    {
        if (columns.AreFeaturesNormalized && set.LargestRow.Magnitude > MaxMagnitude)
        {
            float magnitude = Math.Min(set.LargestRow.Magnitude, float.MaxValue);  // the sum may overflow where no feature does
            string sum = (magnitude < float.MaxValue ? "" : "more than ") + magnitude.ToString(CultureInfo.InvariantCulture);
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Row {set.LargestRow.Position} of column '{Shown.Text(columns.Features.Name)}' has features whose magnitudes "
                + $"add up to {sum}; "
                + $"at most {MaxMagnitude} can be trained on. "
                + $"The column is marked as normalized, so features aren't scaled: "
                + $"normalize them, for example with NormalizeMinMax, or remove the mark."));
        }
    }

    /// <param name="given">The learning rate of the options.</param>
    /// <param name="chosen">The learning rate of the resolved options.</param>
    /// <exception cref="InvalidOperationException">The learning rate, chosen by the size of the features, is too small.</exception>
    public static void CheckLearningRate(TrainingColumns columns, float? given, float chosen)
    {
        if (given is null && chosen < MinLearningRate)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The features of column '{Shown.Text(columns.Features.Name)}' are so large that the learning rate "
                + $"chosen for them is {chosen}; "
                + $"with less than {MinLearningRate} weights near 1 don't change. "
                + $"Normalize the features, for example with NormalizeMinMax, or give Options.LearningRate."));
        }
    }
}
