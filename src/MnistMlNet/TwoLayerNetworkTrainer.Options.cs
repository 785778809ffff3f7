namespace MnistMlNet;

public sealed partial class TwoLayerNetworkTrainer
{
    /// <summary>Options of <see cref="TwoLayerNetworkTrainer"/>, checked when the trainer is made. Public fields, as ML.NET's own trainers have.</summary>
    public sealed class Options
    {
        /// <summary>The name of the label column: a key of known count.</summary>
        /// <value>Not empty. The default is <c>"Label"</c>.</value>
        public string LabelColumnName = Defaults.LabelColumnName;

        /// <summary>The name of the feature column: a vector of <see cref="float"/> of known size.</summary>
        /// <value>Not empty. The default is <c>"Features"</c>.</value>
        public string FeatureColumnName = Defaults.FeatureColumnName;

        /// <summary>The name of the column of example weights: a <see cref="float"/>.</summary>
        /// <value>Null, the default, for equal weights.</value>
        /// <remarks>Weights are divided by their mean over the training rows, so only their ratios count. Rows whose weight isn't a finite number above 0 are skipped.</remarks>
        public string? ExampleWeightColumnName;

        /// <summary>The number of hidden units H.</summary>
        /// <value>1 to 16,777,216. The default is 32.</value>
        /// <remarks>More units learn more and take proportionally longer, in training and in scoring.</remarks>
        public int HiddenUnits = Defaults.HiddenUnits;

        /// <summary>The function of the hidden units.</summary>
        /// <value>The default is <see cref="Activation.Relu"/>.</value>
        public Activation Activation = Activation.Relu;

        /// <summary>The update rule.</summary>
        /// <value>The default is <see cref="Optimizer.Adam"/>.</value>
        public Optimizer Optimizer = Optimizer.Adam;

        /// <summary>The number of passes over the training rows.</summary>
        /// <value>1 or more; null, the default, for 60,000 / rows, but at least 20 and at most 400.</value>
        public int? NumberOfEpochs;

        /// <summary>The number of rows of one step.</summary>
        /// <value>1 or more; 0 for all rows in one step; null, the default, for a hundredth of the rows, rounded up to a power of two, but at least 8 and at most 64.</value>
        /// <remarks>The gradient is the mean over the rows of the batch; the last batch of an epoch may be smaller.</remarks>
        public int? BatchSize;

        /// <summary>The step size η.</summary>
        /// <value>Finite and above 0; null, the default, for 0.1 with gradient descent, and with Adam for 0.003, halved each time that the mean over the rows of Σ|x| doubles beyond 250.</value>
        /// <remarks>Halve it when the loss of the first epoch rises; with <see cref="Momentum"/> 0.9 start at a tenth.</remarks>
        public float? LearningRate;

        /// <summary>How the learning rate moves while training.</summary>
        /// <value>Null, the default, for <see cref="LearningRateSchedule.Cosine"/> with Adam and <see cref="LearningRateSchedule.Constant"/> with gradient descent.</value>
        public LearningRateSchedule? LearningRateSchedule;

        /// <summary>The share μ of the last update that is kept, with <see cref="Optimizer.GradientDescent"/>.</summary>
        /// <value>0, the default, or above, and less than 1. Other optimizers accept 0 only.</value>
        public float Momentum;

        /// <summary>Whether the momentum looks ahead (Nesterov; Sutskever et al. 2013), with <see cref="Optimizer.GradientDescent"/> and <see cref="Momentum"/> above 0.</summary>
        /// <value>The default is false. Accepted only where it has an effect.</value>
        public bool Nesterov;

        /// <summary>The factor λ that draws weights, not biases, to 0.</summary>
        /// <value>Finite, 0 or above; null, the default, for 0.05 with Adam and 0 with gradient descent.</value>
        /// <remarks>
        /// Gradient descent minimizes the mean loss plus <c>λ/2 · (‖W1‖² + ‖W2‖²)</c>. With Adam the decay is decoupled from the gradient:
        /// each step multiplies the weights by <c>1 - ηλ</c>. The reported loss is without it.
        /// </remarks>
        public float? L2Regularization;

        /// <summary>The distribution of the initial weights; without effect where <c>Fit</c> is given an initial model.</summary>
        /// <value>The default is <see cref="WeightInitialization.HeUniform"/>.</value>
        public WeightInitialization WeightInitialization = WeightInitialization.HeUniform;

        /// <summary>Whether each epoch takes the rows in a new random order.</summary>
        /// <value>The default is true. Without it rows that are sorted by label train badly.</value>
        public bool Shuffle = true;

        /// <summary>Whether the rows are kept in memory, packed, for all epochs.</summary>
        /// <value>The default is true: each row is read once, and takes 6 to 8 bytes a value that isn't 0, or 4 bytes a value where many aren't.</value>
        /// <remarks>
        /// Without it the data view is read again in every epoch, after one pass that counts and checks the rows, about 8 million values at a time;
        /// memory then doesn't grow with the number of rows. Rows are shuffled within such a window, and across as far as the data view can
        /// (see <c>ShuffleRows</c>). Validation rows are always kept. <see cref="BatchSize"/> 0 needs the rows in memory.
        /// </remarks>
        public bool CacheRows = true;

        /// <summary>What changes the training rows, at random and anew in each epoch: distortions of images, noise, masks, or your own.</summary>
        /// <value>Null, the default, for nothing. See <see cref="ImageAugmentation"/>, <see cref="FeatureNoise"/>, <see cref="FeatureMasking"/> and <see cref="MnistMlNet.Augmentation"/>.</value>
        /// <remarks>
        /// Validation rows aren't changed. The loss and accuracy of an epoch are those of the changed rows. An augmented set teaches something new in every epoch, so it pays to
        /// train longer and with more hidden units; it also regularizes, so that less of <see cref="L2Regularization"/> is needed.
        /// </remarks>
        public IAugmentation? Augmentation;

        /// <summary>The seed of initial weights, orders and augmentation. The same seed gives the same bytes, on any number of threads.</summary>
        /// <value>Null, the default, to draw it from the <c>MLContext</c>.</value>
        public int? Seed;

        /// <summary>The number of threads, the calling one included. It doesn't change a bit of the result.</summary>
        /// <value>1 to 1024; null, the default, for as many as pay: at most the processors of the machine.</value>
        public int? NumberOfThreads;

        /// <summary>What to call after each epoch, on the thread that called <c>Fit</c>.</summary>
        /// <value>Null, the default, for nothing. What it throws ends training and is thrown by <c>Fit</c>.</value>
        public Action<TrainingEpoch>? EpochCallback;

        /// <summary>Stops training between two batches, by an <see cref="OperationCanceledException"/> from <c>Fit</c>.</summary>
        /// <value>The default never stops it. <c>MLContext.CancelExecution</c> works as well, and so does the token that is given to <c>Fit</c>.</value>
        public CancellationToken CancellationToken;

        internal Options Clone() => (Options)MemberwiseClone();
    }

    internal static class Defaults
    {
        public const string LabelColumnName = "Label";
        public const string FeatureColumnName = "Features";
        public const int HiddenUnits = 32;
    }
}
