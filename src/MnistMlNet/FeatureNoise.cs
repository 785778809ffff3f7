using System.Globalization;
using System.Numerics.Tensors;
using MnistMlNet.Augmentations;

namespace MnistMlNet;

/// <summary>Adds independent Gaussian noise to every feature. Suits any data whose features have about the same scale.</summary>
/// <remarks>
/// <c>x'[i] = x[i] + s · z</c> with z standard normal, drawn for each row, feature and epoch. For small s this is nearly the same as a
/// penalty on the gradient of the network's function (Bishop 1995, "Training with noise is equivalent to Tikhonov regularization").
/// The noise makes zeros non-zero, so sparse rows train as slowly as dense rows.
/// </remarks>
public sealed class FeatureNoise : IAugmentation
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="standardDeviation">The noise's standard deviation s, in the units of the feature column: 0 or above,
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
