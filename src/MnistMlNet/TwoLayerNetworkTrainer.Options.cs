using Microsoft.ML;
using Microsoft.ML.SearchSpace;
using MnistMlNet.Configuration;

namespace MnistMlNet;

public sealed partial class TwoLayerNetworkTrainer
{
    /// <summary>
    /// Options of <see cref="TwoLayerNetworkTrainer"/>, checked when the trainer is made. Public fields, as ML.NET's own trainers have.
    /// </summary>
    /// <remarks>
    /// An option that could have no effect beside the others, such as <see cref="Momentum"/> with Adam, is refused when the trainer is
    /// made, not ignored. The attributes are the ranges that AutoML's sweeps search; docs/tuning.md shows how.
    /// </remarks>
    public sealed partial class Options
    {
        /// <summary>The name of the label column: a key of known count.</summary>
        /// <value>Not empty. The default is <c>"Label"</c>.</value>
        public string LabelColumnName = Defaults.LabelColumnName;

        /// <summary>The name of the feature column: a vector of <see cref="float"/> of known size.</summary>
        /// <value>Not empty. The default is <c>"Features"</c>.</value>
        public string FeatureColumnName = Defaults.FeatureColumnName;

        /// <summary>The name of the column of example weights: a <see cref="float"/>.</summary>
        /// <value>Null, the default, for equal weights.</value>
        /// <remarks>
        /// Weights are divided by their mean over the training rows, so only their ratios count. Rows whose weight isn't a finite number
        /// above 0 are skipped.
        /// </remarks>
        public string? ExampleWeightColumnName;

        /// <summary>The number of hidden units H.</summary>
        /// <value>1 to 16,777,216. The default is 32.</value>
        /// <remarks>More units learn more and take proportionally longer, in training and in scoring.</remarks>
        [Range(4, 1024, 32, true)]
        public int HiddenUnits = Defaults.HiddenUnits;

        /// <summary>The function of the hidden units.</summary>
        /// <value>The default is <see cref="Activation.Relu"/>.</value>
        [Choice([Activation.Relu, Activation.LeakyRelu, Activation.Tanh, Activation.Sigmoid], Activation.Relu)]
        public Activation Activation = Activation.Relu;

        /// <summary>The update rule.</summary>
        /// <value>
        /// Null, the default, for <see cref="Optimizer.Lbfgs"/> on small tables, else <see cref="Optimizer.Adam"/>. A table is small up to
        /// 20,000 rows, 20,000 weights and 32 million products of the two. Adam is also chosen where <see cref="NumberOfEpochs"/>,
        /// <see cref="L2Regularization"/> or any option is given that L-BFGS doesn't accept, such as <see cref="BatchSize"/>, and where
        /// training starts from an initial model.
        /// </value>
        public Optimizer? Optimizer;

        /// <summary>The number of passes over the training rows.</summary>
        /// <value>
        /// 1 or more; null, the default, for 60,000 / rows, but at least 30 and at most 400. With <see cref="Optimizer.Lbfgs"/> null
        /// stands for 200 iterations, and where λ is chosen by the data for an eighth of the rows, but at least 200 and at most 600,
        /// and no more than 5·10⁹ / (rows × weights) above 200.
        /// </value>
        [Range(5, 200, 20, true)]
        public int? NumberOfEpochs;

        /// <summary>The number of rows of one step.</summary>
        /// <value>
        /// 1 or more; 0 for all rows in one step; null, the default, for a hundredth of the rows, rounded up to a power of two, but at
        /// least 8 and at most 64. <see cref="Optimizer.Lbfgs"/> always takes all.
        /// </value>
        /// <remarks>The gradient is the mean over the rows of the batch; the last batch of an epoch may be smaller.</remarks>
        [Range(8, 1024, 64, true)]
        public int? BatchSize;

        /// <summary>The step size η.</summary>
        /// <value>
        /// Finite and above 0; null, the default, for 0.1 with gradient descent, and for 0.004 with Adam and 0.001 with RMSProp, halved
        /// each time that the mean over the rows of Σ|x| doubles beyond 250. Not accepted with <see cref="Optimizer.Lbfgs"/>, which finds
        /// its steps itself.
        /// </value>
        /// <remarks>Halve it when the loss of the first epoch rises; with <see cref="Momentum"/> 0.9 start at a tenth.</remarks>
        [Range(1e-4f, 3e-2f, 4e-3f, true)]
        public float? LearningRate;

        /// <summary>How the learning rate moves while training.</summary>
        /// <value>
        /// Null, the default, for <see cref="LearningRateSchedule.Cosine"/> with Adam and RMSProp and
        /// <see cref="LearningRateSchedule.Constant"/> with gradient descent.
        /// </value>
        public LearningRateSchedule? LearningRateSchedule;

        /// <summary>
        /// What the learning rate is multiplied by at each drop, with <see cref="LearningRateSchedule.Step"/> and
        /// <see cref="LearningRateSchedule.OnPlateau"/>.
        /// </summary>
        /// <value>Above 0 and less than 1; null, the default, for 0.1.</value>
        public float? LearningRateDropFactor;

        /// <summary>
        /// The epochs between drops with <see cref="LearningRateSchedule.Step"/>, and those without improvement before a drop with
        /// <see cref="LearningRateSchedule.OnPlateau"/>.
        /// </summary>
        /// <value>
        /// 1 or more; null, the default, for 10 with <see cref="LearningRateSchedule.Step"/> and 3 with
        /// <see cref="LearningRateSchedule.OnPlateau"/>.
        /// </value>
        public int? LearningRateDropEpochs;

        /// <summary>The exponent of <see cref="LearningRateSchedule.InverseScaling"/>.</summary>
        /// <value>Finite and above 0; null, the default, for 0.5.</value>
        public float? InverseScalingPower;

        /// <summary>
        /// The epochs, or parts of one, in which the learning rate rises to η in a straight line before its schedule begins (Goyal et al.
        /// 2017, arXiv:1706.02677).
        /// </summary>
        /// <value>Finite, 0, the default, or above. With more than <see cref="NumberOfEpochs"/> training ends on the way up.</value>
        public float WarmUpEpochs;

        /// <summary>The share μ of the last update that is kept, with <see cref="Optimizer.GradientDescent"/>.</summary>
        /// <value>0, the default, or above, and less than 1. Other optimizers accept 0 only.</value>
        public float Momentum;

        /// <summary>
        /// Whether the momentum looks ahead (Nesterov; Sutskever et al. 2013), with <see cref="Optimizer.GradientDescent"/> and
        /// <see cref="Momentum"/> above 0.
        /// </summary>
        /// <value>The default is false. Accepted only where it has an effect.</value>
        public bool Nesterov;

        /// <summary>The decay β₁ of Adam's mean gradient.</summary>
        /// <value>0 or above and less than 1; null, the default, for 0.9. Accepted with <see cref="Optimizer.Adam"/> only.</value>
        public float? Beta1;

        /// <summary>The decay β₂ of Adam's mean squared gradient.</summary>
        /// <value>0 or above and less than 1; null, the default, for 0.999. Accepted with <see cref="Optimizer.Adam"/> only.</value>
        public float? Beta2;

        /// <summary>
        /// What keeps Adam and RMSProp from dividing by 0: ε. Below about 1e-16 it no longer bounds the step of a gradient so small that
        /// its square vanishes in a float.
        /// </summary>
        /// <value>Finite and above 0; null, the default, for 1e-8.</value>
        public float? Epsilon;

        /// <summary>The decay ρ of RMSProp's mean squared gradient.</summary>
        /// <value>0 or above and less than 1; null, the default, for 0.9. Accepted with <see cref="Optimizer.RmsProp"/> only.</value>
        public float? RmsPropDecay;

        /// <summary>The number m of past steps from which L-BFGS learns the curvature.</summary>
        /// <value>
        /// 1 to 1000; null, the default, for 10. Memory grows by 2 m times the parameters. Accepted with <see cref="Optimizer.Lbfgs"/>
        /// only.
        /// </value>
        public int? LbfgsHistorySize;

        /// <summary>The distribution of the initial weights; without effect where <c>Fit</c> is given an initial model.</summary>
        /// <value>The default is <see cref="WeightInitialization.HeUniform"/>.</value>
        public WeightInitialization WeightInitialization = WeightInitialization.HeUniform;

        /// <summary>Whether features are centred and scaled while training.</summary>
        /// <value>The default is true.</value>
        /// <remarks>
        /// <para>Features x become <c>(x - c) / s</c> for training. Afterwards <c>W1 / s</c> and <c>b1 - (W1 / s)·c</c> are the
        /// parameters of the model: it takes features as they come, saved models included. An initial model is converted the other way
        /// round, so that it begins with the same outputs.</para>
        /// <para>c is the mean and s the standard deviation of the training rows, without values beyond 5 deviations; no value becomes
        /// larger than 100. Where at most 40 % of all values aren't 0 (pixels, one-hot columns, words), 0 stays 0: features that are 0 in
        /// more than a tenth of the rows aren't centred, and are divided by their largest magnitude only where it is above 10 or below
        /// 0.001. Features whose mean is within 0.1 of 0 and whose deviation is from 0.5 to 2 stay as they are. With an
        /// <see cref="Augmentation"/> that moves values between features all are divided by one number and none is centred.</para>
        /// <para>With false, features are trained on as they come, also where they are marked as normalized and aren't.</para>
        /// </remarks>
        public bool StandardizeFeatures = true;

        /// <summary>Whether each epoch takes the rows in a new random order.</summary>
        /// <value>The default is true. Without it rows that are sorted by label train badly.</value>
        public bool Shuffle = true;

        /// <summary>Whether the rows are kept in memory, packed, for all epochs.</summary>
        /// <value>
        /// The default is true: each row is read once, and takes 6 to 8 bytes a value that isn't 0, or 4 bytes a value where many aren't.
        /// </value>
        /// <remarks>
        /// Without it the data view is read again in every epoch, after one pass that counts and checks the rows, about 8 million values at
        /// a time; memory then doesn't grow with the number of rows. Rows are shuffled within such a window, and across as far as the data
        /// view can (see <c>ShuffleRows</c>). Validation rows are always kept. <see cref="BatchSize"/> 0 and
        /// <see cref="ValidationFraction"/> need the rows in memory.
        /// </remarks>
        public bool CacheRows = true;

        /// <summary>
        /// The share of the training rows that is held back to measure loss and accuracy by after each epoch: the same share of every
        /// class, at random.
        /// </summary>
        /// <value>
        /// 0, the default, or above, and less than 1. Not together with <see cref="ValidationSet"/> or validation data given to <c>Fit</c>.
        /// </value>
        public float ValidationFraction;

        /// <summary>
        /// Rows to measure loss and accuracy by after each epoch. Here, and not an argument of <c>Fit</c>, so that it works in an estimator
        /// chain.
        /// </summary>
        /// <value>
        /// Null, the default, for none. It must have the same columns as the trainer's input, so it must have gone through the same steps
        /// before. Class keys are matched by their key values.
        /// </value>
        public IDataView? ValidationSet;

        /// <summary>The epochs without improvement after which training stops.</summary>
        /// <value>0, the default, for never.</value>
        public int EarlyStoppingPatience;

        /// <summary>What a loss, or an accuracy, must gain to count as improved.</summary>
        /// <value>Finite, 0 or above. The default is 0.0001.</value>
        public float EarlyStoppingTolerance = 1e-4f;

        /// <summary>
        /// What <see cref="EarlyStoppingPatience"/> and <see cref="RestoreBestEpoch"/> go by: of the validation rows where there are any,
        /// else of the training rows.
        /// </summary>
        /// <value>The default is <see cref="EarlyStoppingMetric.Loss"/>.</value>
        public EarlyStoppingMetric EarlyStoppingMetric = EarlyStoppingMetric.Loss;

        /// <summary>Whether the parameters of the best epoch are returned, instead of the last one's.</summary>
        /// <value>The default is false.</value>
        /// <remarks>
        /// With it, a training that diverges after its first epoch returns the best parameters until then, with a warning, instead of
        /// throwing. Where no epoch had a finite validation loss, there is no best one: the last one's are returned.
        /// </remarks>
        public bool RestoreBestEpoch;

        /// <summary>
        /// Whether a canceled training returns the parameters of the best epoch so far, with a warning, instead of throwing; before the
        /// first epoch has ended it throws. Where no epoch had a finite validation loss, there is no best one: the last one's are returned.
        /// </summary>
        /// <value>The default is false.</value>
        public bool KeepBestOnCancel;

        /// <summary>
        /// The file that the whole state of training is written to between epochs, atomically: parameters, optimizer, random state,
        /// history.
        /// </summary>
        /// <value>
        /// Null, the default, for none. The folder must exist; where nothing can be written there, <c>Fit</c> throws before the first
        /// epoch. A relative path means the folder that is current when <c>Fit</c> begins.
        /// </value>
        public string? CheckpointPath;

        /// <summary>The epochs between two checkpoints; the last epoch is always written.</summary>
        /// <value>1 or more. The default is 1.</value>
        public int CheckpointInterval = 1;

        /// <summary>
        /// Whether training goes on from the checkpoint, if the file exists, and ends with the same bytes as if it had never stopped.
        /// </summary>
        /// <value>The default is false: an existing checkpoint is replaced.</value>
        /// <remarks>
        /// The checkpoint must be of the same options, data and versions of the processor's vectors; what differs is named in the error.
        /// Thread count, callbacks and <see cref="NumberOfEpochs"/> may differ, the latter unless the schedule depends on it.
        /// </remarks>
        public bool ResumeFromCheckpoint;

        /// <summary>
        /// What changes the training rows, at random and anew in each epoch: distortions of images, noise, masks, or your own.
        /// </summary>
        /// <value>
        /// Null, the default, for nothing. See <see cref="ImageAugmentation"/>, <see cref="FeatureNoise"/>, <see cref="FeatureMasking"/>
        /// and <see cref="MnistMlNet.Augmentation"/>.
        /// </value>
        /// <remarks>
        /// Validation rows aren't changed. The loss and accuracy of an epoch are those of the changed rows. An augmented set teaches
        /// something new in every epoch, so it pays to train longer and with more hidden units; it also regularizes, so that less of
        /// <see cref="L2Regularization"/> is needed.
        /// </remarks>
        public IAugmentation? Augmentation;

        /// <summary>
        /// The seed of initial weights, orders, dropout, augmentation and the validation split. The same seed gives the same bytes, on any
        /// number of threads.
        /// </summary>
        /// <value>Null, the default, to draw it from the <c>MLContext</c>.</value>
        public int? Seed;

        /// <summary>The most threads that are used, the calling one included. It doesn't change a bit of the result.</summary>
        /// <value>1 to 1024; null, the default, for all processors. More than there are processors count as that many.</value>
        /// <remarks>
        /// No more threads take part than pay: small batches run on the calling thread alone, trainings that run at once in one process
        /// share the processors, and where other programs keep the processors busy, fewer threads go on.
        /// </remarks>
        public int? NumberOfThreads;

        /// <summary>
        /// Makes what decides how many of the most threads take part; null for as many as pay. For tests: on their small tables no second
        /// thread pays.
        /// </summary>
        internal Func<int, IWorkerCount>? WorkerCounts;

        /// <summary>What to call after each epoch, on the thread that called <c>Fit</c>.</summary>
        /// <value>Null, the default, for nothing. What it throws ends training and is thrown by <c>Fit</c>.</value>
        public Action<TrainingEpoch>? EpochCallback;

        /// <summary>Stops training between two batches, by an <see cref="OperationCanceledException"/> from <c>Fit</c>.</summary>
        /// <value>
        /// The default never stops it. The token that is given to <c>Fit</c> works as well. So does canceling the <see cref="MLContext"/>,
        /// but Microsoft.ML has no public member for that: <c>CancelExecution</c> is internal there.
        /// </value>
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
