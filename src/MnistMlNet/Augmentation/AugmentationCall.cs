using System.Globalization;

namespace MnistMlNet.Augmentations;

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
