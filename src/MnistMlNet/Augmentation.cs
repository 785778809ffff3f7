using MnistMlNet.Augmentations;

namespace MnistMlNet;

/// <summary>Makes augmentations, and combines several into one.</summary>
public static class Augmentation
{
    /// <summary>
    /// Random shifts, rotations, scales and shears of images: an <see cref="ImageAugmentation"/> without elastic distortions.
    /// </summary>
    /// <param name="width">The number of pixels of a row; see <see cref="ImageAugmentation.Width"/>.</param>
    /// <param name="height">The number of rows; see <see cref="ImageAugmentation.Height"/>.</param>
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
    /// <param name="width">The number of pixels of a row; see <see cref="ImageAugmentation.Width"/>.</param>
    /// <param name="height">The number of rows; see <see cref="ImageAugmentation.Height"/>.</param>
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

    /// <summary>Applies several augmentations one after the other: each gets the result of the one before.</summary>
    /// <param name="augmentations">At least one. For affine and elastic distortions of images, use one <see cref="ImageAugmentation"/>
    /// for both: it interpolates, and so blurs, only once.</param>
    /// <returns>An augmentation that applies all of them in the given order.</returns>
    /// <exception cref="ArgumentException">The list is empty, or an element is null.</exception>
    public static IAugmentation Sequence(params IAugmentation[] augmentations)
    {
        ArgumentNullException.ThrowIfNull(augmentations);
        if (augmentations.Length == 0)
        {
            throw new ArgumentException("augmentations is empty; at least one is expected.", nameof(augmentations));
        }

        for (int i = 0; i < augmentations.Length; i++)
        {
            if (augmentations[i] is null)
            {
                throw new ArgumentException($"augmentations[{i}] is null; an augmentation is expected.", nameof(augmentations));
            }
        }

        return new SequenceAugmentation([.. augmentations]);
    }

    /// <summary>Applies an augmentation to a random part of the rows, drawn again in each epoch; the other rows stay unchanged.</summary>
    /// <param name="augmentation">The augmentation to apply.</param>
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
