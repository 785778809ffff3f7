using System.Globalization;
using System.Numerics.Tensors;
using MnistMlNet.Augmentations;

namespace MnistMlNet;

/// <summary>Adds independent Gaussian noise to every feature: for any data whose features are of about the same scale.</summary>
/// <remarks>
/// <c>x'[i] = x[i] + s · z</c> with z standard normal, drawn for each row, feature and epoch. For small s this is about the same as
/// penalizing steep functions (Bishop 1995, "Training with noise is equivalent to Tikhonov regularization").
/// Features that were 0 aren't any more, so sparse rows train as slowly as dense ones.
/// </remarks>
public sealed class FeatureNoise : IAugmentation
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="standardDeviation">The noise's standard deviation s, in units of the features as the column gives them: 0 or above,
    /// finite. For features of -1 to 1, 0.05 to 0.3 is usual.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="standardDeviation"/> isn't a finite number, 0 or above.</exception>
    public FeatureNoise(float standardDeviation)
    {
        Ranges.Check(standardDeviation >= 0 && float.IsFinite(standardDeviation), standardDeviation, nameof(standardDeviation),
            "a finite number, 0 or above");
        StandardDeviation = standardDeviation;
    }

    /// <summary>Gets the noise's standard deviation s.</summary>
    public float StandardDeviation { get; }

    /// <inheritdoc/>
    public bool MixesFeatures => false;

    /// <inheritdoc cref="ImageAugmentation.ToString"/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"FeatureNoise({StandardDeviation})");

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        random.FillGaussian(destination[..source.Length], 0, StandardDeviation);
        TensorPrimitives.Add(source, destination, destination);
    }
}
