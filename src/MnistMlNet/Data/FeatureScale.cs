using System.Globalization;
using System.Numerics.Tensors;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>Brings large features to at most 1 while training, and the trained weights back to the features as they are.</summary>
/// <remarks>
/// <c>W1 · x = (W1 · diag s) · (x / s)</c>: dividing an input by its largest |value| s and its weights' result by s changes nothing of what
/// the network can compute, keeps zeros zero, and lets one learning rate serve all inputs. Raw pixels 0..255 then train as well as scaled
/// ones.
/// </remarks>
internal sealed class FeatureScale
{
    /// <summary>The largest |feature| that is left alone.</summary>
    public const float Bound = 10;

    private readonly float[] _scales;
    private readonly bool _isCommon;

    private FeatureScale(float[] scales, bool isCommon)
    {
        _scales = scales;
        _isCommon = isCommon;
    }

    /// <summary>Makes the scale for a training set, or gives null where its features are normalized or small enough.</summary>
    /// <param name="augmentation">What will change the rows. Where it moves values between features, all are divided by the largest scale:
    /// a value must mean the same at each of them.</param>
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
            // Small ones stay as they are: blowing up what may be noise isn't this class's business.
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
    /// Gets what each feature is divided by; the weights of input i of a network for features as they are times <c>Scales[i]</c> are those
    /// for scaled features.
    /// </summary>
    public ReadOnlySpan<float> Scales => _scales;

    /// <summary>Gets what each feature is multiplied by, the inverse of <see cref="Scales"/>.</summary>
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

/// <summary>Refuses features so large that training would change nothing and say nothing.</summary>
/// <remarks>Only a column that is marked as normalized and isn't can have them: others are scaled.</remarks>
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
    public static void CheckRows(TrainingColumns columns, TrainingSet set)
    {
        if (columns.AreFeaturesNormalized && set.LargestRow.Magnitude > MostMagnitude)
        {
            float magnitude = Math.Min(set.LargestRow.Magnitude, float.MaxValue);  // the sum itself overflows where the features don't
            string sum = (magnitude < float.MaxValue ? "" : "more than ") + magnitude.ToString(CultureInfo.InvariantCulture);
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Row {set.LargestRow.Position} of column '{Shown.Text(columns.Features.Name)}' has features whose magnitudes "
                + $"add up to {sum}; "
                + $"at most {MostMagnitude} can be trained on. "
                + $"The column is marked as normalized, so features aren't scaled: "
                + $"normalize them, for example with NormalizeMinMax, or remove the mark."));
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
