using MnistMlNet.Augmentations;

namespace MnistMlNet;

/// <summary>Makes augmentations, and one of several.</summary>
public static class Augmentation
{
    /// <summary>
    /// Random shifts, rotations, scales and shears of images: an <see cref="ImageAugmentation"/> without elastic distortions.
    /// </summary>
    /// <param name="width">Pixels of a row; see <see cref="ImageAugmentation.Width"/>.</param>
    /// <param name="height">Rows; see <see cref="ImageAugmentation.Height"/>.</param>
    /// <param name="shift">See <see cref="ImageAugmentation.Shift"/>.</param>
    /// <param name="rotation">See <see cref="ImageAugmentation.Rotation"/>.</param>
    /// <param name="minScale">See <see cref="ImageAugmentation.MinScale"/>.</param>
    /// <param name="maxScale">See <see cref="ImageAugmentation.MaxScale"/>.</param>
    /// <param name="shear">See <see cref="ImageAugmentation.Shear"/>.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ImageAugmentation Affine(
        int width, int height, float shift = ImageAugmentation.Defaults.Shift, float rotation = ImageAugmentation.Defaults.Rotation,
        float minScale = ImageAugmentation.Defaults.MinScale, float maxScale = ImageAugmentation.Defaults.MaxScale,
        float shear = ImageAugmentation.Defaults.Shear) => new(width, height)
        {
            Shift = shift,
            Rotation = rotation,
            MinScale = minScale,
            MaxScale = maxScale,
            Shear = shear,
            ElasticAlpha = 0,
        };

    /// <summary>
    /// Simard's elastic distortions of images: an <see cref="ImageAugmentation"/> without shifts, rotations, scales and shears.
    /// </summary>
    /// <param name="width">Pixels of a row; see <see cref="ImageAugmentation.Width"/>.</param>
    /// <param name="height">Rows; see <see cref="ImageAugmentation.Height"/>.</param>
    /// <param name="alpha">See <see cref="ImageAugmentation.ElasticAlpha"/>.</param>
    /// <param name="sigma">See <see cref="ImageAugmentation.ElasticSigma"/>.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ImageAugmentation Elastic(
        int width, int height, float alpha = ImageAugmentation.Defaults.ElasticAlpha,
        float sigma = ImageAugmentation.Defaults.ElasticSigma) => new(width, height)
        {
            Shift = 0,
            Rotation = 0,
            MinScale = 1,
            MaxScale = 1,
            Shear = 0,
            ElasticAlpha = alpha,
            ElasticSigma = sigma,
        };

    /// <summary>One after the other: each sees what the one before has made of the row.</summary>
    /// <param name="augmentations">At least one. Affine and elastic distortions of images are better made by one
    /// <see cref="ImageAugmentation"/>, which blurs only once.</param>
    /// <returns>An augmentation that applies all, in their order.</returns>
    /// <exception cref="ArgumentException">There is none, or one is null.</exception>
    public static IAugmentation Sequence(params IAugmentation[] augmentations)
    {
        ArgumentNullException.ThrowIfNull(augmentations);
        if (augmentations.Length == 0)
        {
            throw new ArgumentException("augmentations is empty; at least one is wanted.", nameof(augmentations));
        }

        for (int i = 0; i < augmentations.Length; i++)
        {
            if (augmentations[i] is null)
            {
                throw new ArgumentException($"augmentations[{i}] is null; an augmentation is wanted.", nameof(augmentations));
            }
        }

        return new SequenceAugmentation([.. augmentations]);
    }

    /// <summary>Changes a share of the rows, drawn anew in each epoch, and leaves the others as they are.</summary>
    /// <param name="augmentation">What changes them.</param>
    /// <param name="probability">The probability that a row is changed, 0 to 1.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> isn't 0 to 1.</exception>
    public static IAugmentation WithProbability(IAugmentation augmentation, float probability)
    {
        ArgumentNullException.ThrowIfNull(augmentation);
        Ranges.Check(probability is >= 0 and <= 1, probability, nameof(probability), "0 to 1");
        return new RandomApplyAugmentation(augmentation, probability);
    }
}
