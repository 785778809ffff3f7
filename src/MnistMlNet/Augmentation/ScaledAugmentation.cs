using System.Numerics.Tensors;

namespace MnistMlNet.Augmentations;

/// <summary>Shows an augmentation the features as their column gives them, although they are kept divided by <paramref name="scales"/> while training.</summary>
internal sealed class ScaledAugmentation(IAugmentation augmentation, float[] scales) : IAugmentation
{
    public bool MovesValues => augmentation.MovesValues;

    public void CheckInputCount(int inputCount) => augmentation.CheckInputCount(inputCount);

    public int GetScratchLength(int inputCount) => checked(inputCount + AugmentationCall.ScratchLength(augmentation, inputCount));

    public override string ToString() => augmentation.ToString() ?? "";

    public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
    {
        Span<float> unscaled = scratch[..source.Length];
        TensorPrimitives.Multiply(source, scales, unscaled);
        AugmentationCall.Apply(augmentation, unscaled, destination, scratch[source.Length..], random);
        TensorPrimitives.Divide(destination, scales, destination);
    }
}
