using System.Globalization;
using System.Numerics;
using MnistMlNet.Augmentations;

namespace MnistMlNet;

/// <summary>Sets each feature to 0 with a given probability, independently of the other features. Suits any data.</summary>
/// <remarks>
/// The masking noise of denoising autoencoders (Vincent et al. 2008). The other features keep their values: unlike with input dropout,
/// they aren't multiplied by <c>1 / (1 - p)</c>. A new mask is drawn for each row and epoch.
/// </remarks>
public sealed class FeatureMasking : IAugmentation
{
    /// <summary>Makes the augmentation.</summary>
    /// <param name="probability">The probability p that a feature becomes 0, 0 to 1; 0.1 to 0.3 is usual.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> isn't 0 to 1.</exception>
    public FeatureMasking(float probability)
    {
        Ranges.Check(probability is >= 0 and <= 1, probability, nameof(probability), "0 to 1");
        Probability = probability;
    }

    /// <summary>Gets the probability p that a feature becomes 0.</summary>
    public float Probability { get; }

    /// <inheritdoc/>
    public bool MixesFeatures => false;

    /// <inheritdoc/>
    public int GetScratchLength(int inputCount) => inputCount;

    /// <inheritdoc cref="ImageAugmentation.ToString"/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"FeatureMasking({Probability})");

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<float> draws = scratch[..source.Length];
        random.FillUniform(draws, 0, 1);
        var probability = new Vector<float>(Probability);
        int i = 0;
        for (; i + Vector<float>.Count <= source.Length; i += Vector<float>.Count)
        {
            Vector<int> kept = Vector.GreaterThanOrEqual(new Vector<float>(draws[i..]), probability);
            Vector.ConditionalSelect(kept, new Vector<float>(source[i..]), Vector<float>.Zero).CopyTo(destination[i..]);
        }

        for (; i < source.Length; i++)
        {
            destination[i] = draws[i] >= Probability ? source[i] : 0;
        }
    }
}
