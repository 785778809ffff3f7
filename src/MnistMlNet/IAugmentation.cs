namespace MnistMlNet;

/// <summary>
/// Makes small random changes to training rows, different ones in each epoch, so that the network learns to ignore such differences.
/// </summary>
/// <remarks>
/// <para>It is passed to the trainer as <see cref="TwoLayerNetworkOptions.Augmentation"/>. It is applied to training rows only:
/// validation rows and scored rows stay unchanged. The label and the weight of a row stay the same, so a change must not turn one class
/// into another.</para>
/// <para>Implementations are <see cref="ImageAugmentation"/>, <see cref="FeatureNoise"/> and <see cref="FeatureMasking"/>;
/// <see cref="Augmentation"/> combines several into one. You can write your own. Several threads call <see cref="Apply"/> concurrently, so
/// keep no state between calls, and take all random numbers from the generator argument. It is seeded by the training seed, the epoch and
/// the row's position in the data. Then the same seed gives the same bytes on any number of threads.</para>
/// <para>The text of <see cref="object.ToString"/> is stored in the training history and in checkpoints, and must be the same when training
/// resumes from a checkpoint. So it must contain all settings. It may have up to 65,536 bytes in UTF-8; <c>Fit</c> refuses longer
/// texts.</para>
/// </remarks>
public interface IAugmentation
{
    /// <summary>Gets whether a value may move from one feature to another, as a pixel does when an image is shifted.</summary>
    /// <value>The default is true, which is always safe.</value>
    /// <remarks>
    /// It matters where the trainer centres and scales features (<c>Options.StandardizeFeatures</c>). The augmentation itself always gets
    /// the values of the column. But where values move between features, the trainer divides all features by one common number, and
    /// centres none.
    /// </remarks>
    bool MixesFeatures => true;

    /// <summary>Refuses rows that this augmentation can't change; called once by <c>Fit</c>, before a row is read.</summary>
    /// <param name="inputCount">The number of features I of a row, 1 or more.</param>
    /// <exception cref="ArgumentException">The number of features is wrong; the message says which number is expected. The default
    /// implementation accepts any number.</exception>
    void CheckInputCount(int inputCount)
    {
    }

    /// <summary>
    /// Gets the length of the scratch buffer that <see cref="Apply"/> needs for intermediate results, so that it doesn't have to allocate
    /// memory.
    /// </summary>
    /// <param name="inputCount">The number of features I of a row.</param>
    /// <returns>The number of floats, 0 to 2³⁰; <c>Fit</c> refuses other numbers. The default is 0.</returns>
    int GetScratchLength(int inputCount) => 0;

    /// <summary>Writes a changed copy of one row.</summary>
    /// <param name="source">The row with the values of the feature column, <c>[I]</c>, zeros included.</param>
    /// <param name="destination"><c>[I]</c>; all values must be finite. During training it initially holds a copy of
    /// <paramref name="source"/>, so values that aren't written stay unchanged. It doesn't overlap the other spans. An augmentation that
    /// calls another augmentation directly has to make this copy, too.</param>
    /// <param name="scratch">At least <see cref="GetScratchLength"/> floats. During training they contain no values of other rows: they are
    /// zeros, or values that another augmentation of the same row left.</param>
    /// <param name="random">The only source of randomness for this row.</param>
    void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random);
}
