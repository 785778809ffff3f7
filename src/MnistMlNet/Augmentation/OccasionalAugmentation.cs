using System.Globalization;

namespace MnistMlNet.Augmentations;

/// <summary><see cref="Augmentation.WithProbability"/>.</summary>
internal sealed class OccasionalAugmentation(IAugmentation augmentation, float probability) : IAugmentation
{
    public bool MovesValues => augmentation.MovesValues;

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
