using System.Globalization;
using System.Numerics.Tensors;

namespace MnistMlNet.Augmentations;

/// <summary><see cref="Augmentation.Sequence"/>.</summary>
internal sealed class SequenceAugmentation(IAugmentation[] augmentations) : IAugmentation
{
    public bool MixesFeatures => Array.Exists(augmentations, each => each.MixesFeatures);

    public void CheckInputCount(int inputCount) => Array.ForEach(augmentations, each => each.CheckInputCount(inputCount));

    /// <summary>A row in between, and what the neediest needs.</summary>
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

        // Results go to and fro between two rows, so that the last one ends in the destination.
        Span<float> between = scratch[..source.Length];
        scratch = scratch[source.Length..];
        for (int i = 0; i < augmentations.Length; i++)
        {
            bool isToDestination = (augmentations.Length - i) % 2 == 1;
            ReadOnlySpan<float> from = i == 0 ? source : isToDestination ? between : destination;
            AugmentationCall.Apply(augmentations[i], from, isToDestination ? destination : between, scratch, random);
        }
    }
}

/// <summary><see cref="Augmentation.WithProbability"/>.</summary>
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
/// Shows an augmentation the features as their column gives them, although <c>(x - centers) / scales</c> is kept while training.
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

/// <summary>Calls augmentations, which may be anyone's: what they ask for is checked, and what they leave out is defined.</summary>
internal static class AugmentationCall
{
    /// <summary>Floats of scratch at most: with rows in between added to them, they still fit an <see cref="int"/>.</summary>
    public const int MostScratch = 1 << 30;

    /// <exception cref="ArgumentException">The length is out of range; the message names the augmentation and the length.</exception>
    public static int ScratchLength(IAugmentation augmentation, int inputCount)
    {
        int length = augmentation.GetScratchLength(inputCount);
        return length is >= 0 and <= MostScratch ? length : throw new ArgumentException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{augmentation}: GetScratchLength({inputCount}) gave {length}; 0 to {MostScratch} floats are wanted."),
            nameof(augmentation));
    }

    /// <summary>Changes a row, over a copy of itself: a value that isn't written stays as it is, and isn't one of another row.</summary>
    public static void Apply(
        IAugmentation augmentation, ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
    {
        source.CopyTo(destination);
        augmentation.Apply(source, destination, scratch, random);
    }
}
