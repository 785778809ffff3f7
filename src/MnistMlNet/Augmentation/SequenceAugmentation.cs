using System.Globalization;
using System.Numerics.Tensors;

namespace MnistMlNet.Augmentations;

/// <summary>The augmentation that <see cref="Augmentation.Sequence"/> returns.</summary>
internal sealed class SequenceAugmentation(IAugmentation[] augmentations) : IAugmentation
{
    public bool MixesFeatures => Array.Exists(augmentations, each => each.MixesFeatures);

    public void CheckInputCount(int inputCount) => Array.ForEach(augmentations, each => each.CheckInputCount(inputCount));

    /// <summary>Gets the length of one intermediate row plus the largest scratch length of the augmentations.</summary>
    public int GetScratchLength(int inputCount) => checked(
        (augmentations.Length == 1 ? 0 : inputCount) + augmentations.Max(each => AugmentationCall.ScratchLength(each, inputCount)));

    public override string ToString() => $"Sequence({string.Join(", ", augmentations.Select(each => each.ToString()))})";

    public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
    {
        if (augmentations.Length == 1)
        {
            AugmentationCall.Apply(augmentations[0], source, destination, scratch, random);
            return;
        }

        // The results alternate between two rows, so that the last one is in the destination.
        Span<float> intermediate = scratch[..source.Length];
        scratch = scratch[source.Length..];
        for (int i = 0; i < augmentations.Length; i++)
        {
            bool isToDestination = (augmentations.Length - i) % 2 == 1;
            ReadOnlySpan<float> from = i == 0 ? source : isToDestination ? intermediate : destination;
            AugmentationCall.Apply(augmentations[i], from, isToDestination ? destination : intermediate, scratch, random);
        }
    }
}

/// <summary>The augmentation that <see cref="Augmentation.WithProbability"/> returns.</summary>
internal sealed class RandomApplyAugmentation(IAugmentation augmentation, float probability) : IAugmentation
{
    public bool MixesFeatures => augmentation.MixesFeatures;

    public void CheckInputCount(int inputCount) => augmentation.CheckInputCount(inputCount);

    public int GetScratchLength(int inputCount) => AugmentationCall.ScratchLength(augmentation, inputCount);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"WithProbability({augmentation}, {probability})");

    public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
    {
        if (random.NextSingle() < probability)
        {
            AugmentationCall.Apply(augmentation, source, destination, scratch, random);
        }
        else
        {
            source.CopyTo(destination);
        }
    }
}

/// <summary>
/// Passes the values of the feature column to an augmentation, although training stores <c>(x - centers) / scales</c>.
/// </summary>
internal sealed class ScaledAugmentation(IAugmentation augmentation, float[] centers, float[] scales) : IAugmentation
{
    public bool MixesFeatures => augmentation.MixesFeatures;

    public void CheckInputCount(int inputCount) => augmentation.CheckInputCount(inputCount);

    public int GetScratchLength(int inputCount) => checked(inputCount + AugmentationCall.ScratchLength(augmentation, inputCount));

    public override string ToString() => augmentation.ToString() ?? "";

    public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
    {
        Span<float> unscaled = scratch[..source.Length];
        TensorPrimitives.MultiplyAdd(source, scales, centers, unscaled);
        AugmentationCall.Apply(augmentation, unscaled, destination, scratch[source.Length..], random);
        TensorPrimitives.Subtract(destination, centers, destination);
        TensorPrimitives.Divide(destination, scales, destination);
    }
}

/// <summary>
/// Calls augmentations, which may be user code: the scratch length is checked, and values that aren't written are defined.
/// </summary>
internal static class AugmentationCall
{
    /// <summary>The maximum scratch length in floats: with intermediate rows added, it still fits an <see cref="int"/>.</summary>
    public const int MaxScratch = 1 << 30;

    /// <exception cref="ArgumentException">The length is out of range; the message names the augmentation and the length.</exception>
    public static int ScratchLength(IAugmentation augmentation, int inputCount)
    {
        int length = augmentation.GetScratchLength(inputCount);
        return length is >= 0 and <= MaxScratch ? length : throw new ArgumentException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{augmentation}: GetScratchLength({inputCount}) gave {length}; 0 to {MaxScratch} floats are expected."),
            nameof(augmentation));
    }

    /// <summary>
    /// Applies an augmentation. The destination first gets a copy of the source, so a value that isn't written stays unchanged, and is
    /// never a value of another row.
    /// </summary>
    public static void Apply(
        IAugmentation augmentation, ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
    {
        source.CopyTo(destination);
        augmentation.Apply(source, destination, scratch, random);
    }
}
