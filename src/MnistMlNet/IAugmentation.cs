namespace MnistMlNet;

/// <summary>Changes training rows a little, at random and anew in each epoch, so that the network learns what doesn't matter.</summary>
/// <remarks>
/// <para>Given to the trainer as <see cref="TwoLayerNetworkTrainer.Options.Augmentation"/>. It sees training rows only: validation rows and
/// rows that are scored stay as they are. The label and the weight of a row stay too, so a change must not turn one class into
/// another.</para>
/// <para>There are <see cref="ImageAugmentation"/>, <see cref="FeatureNoise"/> and <see cref="FeatureMasking"/>, and
/// <see cref="Augmentation"/> makes one of several. Write your own for anything else. Several threads call <see cref="Apply"/> at once, so
/// keep no state between calls: all that is random comes from the generator that is handed in, which is seeded by the training seed, the
/// epoch and the row's place in the data. Then the same seed gives the same bytes on any number of threads.</para>
/// <para>What <see cref="object.ToString"/> gives is kept in the training history, and must be the same where training goes on from a
/// checkpoint; so let it name all settings. It may have up to 65,536 bytes in UTF-8; <c>Fit</c> refuses others.</para>
/// </remarks>
public interface IAugmentation
{
    /// <summary>Gets whether a value may come out at another feature than it went in.</summary>
    /// <value>The default is true, which is always safe.</value>
    /// <remarks>
    /// It matters where the trainer centres and scales features (<c>Options.StandardizeFeatures</c>). The augmentation itself always sees
    /// them as the column gives them. But where values move between features, all are divided by one number, and none is centred.
    /// </remarks>
    bool MixesFeatures => true;

    /// <summary>Refuses rows that this augmentation can't change; called once by <c>Fit</c>, before a row is read.</summary>
    /// <param name="inputCount">The number of features I of a row, 1 or more.</param>
    /// <exception cref="ArgumentException">The number of features is wrong; the message says which is wanted. The default accepts
    /// any.</exception>
    void CheckInputCount(int inputCount)
    {
    }

    /// <summary>Tells how much room <see cref="Apply"/> needs for results in between, so that it doesn't have to allocate any.</summary>
    /// <param name="inputCount">The number of features I of a row.</param>
    /// <returns>A number of floats, 0 to 2³⁰; <c>Fit</c> refuses others. The default is 0.</returns>
    int GetScratchLength(int inputCount) => 0;

    /// <summary>Writes a changed copy of one row.</summary>
    /// <param name="source">The row as the feature column gives it, <c>[I]</c>, zeros included.</param>
    /// <param name="destination"><c>[I]</c>; all values must be finite. While training it holds a copy of <paramref name="source"/> at
    /// first, so what isn't written stays as it is. It doesn't overlap the others. An augmentation that calls another one by itself has to
    /// copy the row, too.</param>
    /// <param name="scratch">At least <see cref="GetScratchLength"/> floats. While training they hold nothing of other rows: zeros, or what
    /// another augmentation of the same row left.</param>
    /// <param name="random">The only source of randomness for this row.</param>
    void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random);
}
