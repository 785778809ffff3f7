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
