using Microsoft.ML;

namespace MnistMlNet;

/// <content>The training and validation rows.</content>
public abstract partial class TwoLayerNetworkOptions
{
    /// <summary>Whether features are centred and scaled during training.</summary>
    /// <value>The default is true.</value>
    /// <remarks>
    /// <para>Training uses <c>(x - c) / s</c> instead of the features x. Afterwards <c>W1 / s</c> and <c>b1 - (W1 / s)·c</c> are the
    /// parameters of the model. So the model, also when saved, takes the unscaled features. The parameters of an initial model are
    /// converted in the opposite direction, so that training starts with the same outputs.</para>
    /// <para>c is the mean and s the standard deviation of the training rows, both without values beyond 5 deviations; no scaled
    /// value is larger than 100. Where at most 40 % of all values aren't 0 (pixels, one-hot columns, words), 0 stays 0: features that
    /// are 0 in more than a tenth of the rows aren't centred, and are divided by their largest magnitude only where it is above 10 or
    /// below 0.001. Features whose mean is within 0.1 of 0 and whose deviation is from 0.5 to 2 aren't changed. With an
    /// <see cref="Augmentation"/> that moves values between features, all features are divided by one number and none is
    /// centred.</para>
    /// <para>With false, training uses the unscaled features, also where they are marked as normalized and aren't.</para>
    /// </remarks>
    public bool StandardizeFeatures = true;

    /// <summary>Whether each epoch processes the rows in a new random order.</summary>
    /// <value>The default is true. With false, training on rows that are sorted by label gives bad results.</value>
    public bool Shuffle = true;

    /// <summary>Whether the rows are kept in memory, packed, for all epochs.</summary>
    /// <value>
    /// The default is true: each row is read once. A sparse row takes 6 to 8 bytes for each non-zero value, a dense row 4 bytes for
    /// each value.
    /// </value>
    /// <remarks>
    /// With false, one pass counts and checks the rows, and then each epoch reads the data view again, in windows of about 8 million
    /// values. Memory then doesn't grow with the number of rows. Rows are shuffled within a window; they move between windows only as
    /// far as the data view itself shuffles (see <c>ShuffleRows</c>). Validation rows are always kept in memory.
    /// <see cref="BatchSize"/> 0 and <see cref="ValidationFraction"/> need the training rows in memory.
    /// </remarks>
    public bool CacheRows = true;

    /// <summary>
    /// The fraction of the training rows that is held out to measure loss and accuracy after each epoch: the same fraction of every
    /// class, chosen at random.
    /// </summary>
    /// <value>0 or above and less than 1. The default is 0. Not together with other validation data.</value>
    public float ValidationFraction;

    /// <summary>
    /// Rows to measure loss and accuracy after each epoch. As an option, unlike the argument of <c>Fit</c>, they also work in an
    /// estimator chain.
    /// </summary>
    /// <value>
    /// Null, the default, for none. It must have the same columns as the trainer's input, so the same transformers must have been
    /// applied to it. Classes are matched by their key values.
    /// </value>
    public IDataView? ValidationSet;

    /// <summary>
    /// The random changes of the training rows, drawn again in each epoch: distortions of images, noise, masks, or your own.
    /// </summary>
    /// <value>
    /// Null, the default, for no changes. See <see cref="ImageAugmentation"/>, <see cref="FeatureNoise"/>, <see cref="FeatureMasking"/>
    /// and <see cref="MnistMlNet.Augmentation"/>.
    /// </value>
    /// <remarks>
    /// Validation rows aren't changed. The training loss and accuracy are measured on the changed rows. As every epoch has different
    /// rows, more epochs and more hidden units improve the result further than without augmentation. Augmentation also regularizes, so
    /// a smaller <see cref="L2Regularization"/> is enough.
    /// </remarks>
    public IAugmentation? Augmentation;
}
