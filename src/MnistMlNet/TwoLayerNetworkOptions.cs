using Microsoft.ML;
using Microsoft.ML.SearchSpace;
using MnistMlNet.Configuration;

namespace MnistMlNet;

/// <summary>The options that the trainers of all tasks have. Public fields, as in the options of ML.NET's own trainers.</summary>
/// <remarks>
/// The options are checked when a trainer is created. An option that would have no effect with the other options, such as
/// <see cref="Momentum"/> with Adam, causes an error. The attributes are the ranges that AutoML's sweeps search; docs/tuning.md shows how.
/// </remarks>
public abstract partial class TwoLayerNetworkOptions
{
    private protected TwoLayerNetworkOptions()
    {
    }

    /// <summary>The name of the label column; its type depends on the task, see the trainer.</summary>
    /// <value>Not empty. The default is <c>"Label"</c>.</value>
    public string LabelColumnName = Defaults.LabelColumnName;

    /// <summary>The name of the feature column: a vector of <see cref="float"/> of known size.</summary>
    /// <value>Not empty. The default is <c>"Features"</c>.</value>
    public string FeatureColumnName = Defaults.FeatureColumnName;

    /// <summary>The name of the column of example weights: a <see cref="float"/>.</summary>
    /// <value>Null, the default, for equal weights.</value>
    /// <remarks>
    /// Weights are divided by their mean over the training rows, so only their ratios matter. Rows whose weight isn't a finite number
    /// above 0 are skipped.
    /// </remarks>
    public string? ExampleWeightColumnName;

    /// <summary>The number of hidden units H.</summary>
    /// <value>1 to 16,777,216. The default is 32.</value>
    /// <remarks>With more units, the network can learn more; the time of training and scoring grows in proportion.</remarks>
    [Range(4, 1024, 32, true)]
    public int HiddenUnits = Defaults.HiddenUnits;

    /// <summary>The activation function of the hidden units.</summary>
    /// <value>The default is <see cref="Activation.Relu"/>.</value>
    [Choice([Activation.Relu, Activation.LeakyRelu, Activation.Tanh, Activation.Sigmoid], Activation.Relu)]
    public Activation Activation = Activation.Relu;

    /// <summary>The optimization algorithm.</summary>
    /// <value>
    /// Null, the default, for <see cref="Optimizer.Lbfgs"/> on small tables, else <see cref="Optimizer.Adam"/>. A table is small up to
    /// 20,000 rows, 20,000 weights and 32 million products of the two. Adam is also chosen where <see cref="NumberOfEpochs"/>,
    /// <see cref="L2Regularization"/> or any option is given that L-BFGS doesn't accept, such as <see cref="BatchSize"/>, and where
    /// training starts from an initial model.
    /// </value>
    public Optimizer? Optimizer;

    /// <summary>The number of passes over the training rows.</summary>
    /// <value>
    /// 1 or more. Null, the default, means 60,000 / rows, but at least 30 and at most 400. With <see cref="Optimizer.Lbfgs"/> it means 200
    /// iterations, and where λ is chosen by the data an eighth of the rows, but at least 200 and at most 600, and no more than
    /// 4·10⁹ / (rows × weights) above 200.
    /// </value>
    [Range(5, 200, 20, true)]
    public int? NumberOfEpochs;

    /// <summary>The number of rows of one step.</summary>
    /// <value>
    /// 1 or more, or 0 for all rows in one step. Null, the default, means a hundredth of the rows, rounded up to a power of two, but at
    /// least 8 and at most 64. <see cref="Optimizer.Lbfgs"/> always uses all rows.
    /// </value>
    /// <remarks>The gradient is the mean over the rows of the batch; the last batch of an epoch may be smaller.</remarks>
    [Range(8, 1024, 64, true)]
    public int? BatchSize;

    /// <summary>The step size η.</summary>
    /// <value>
    /// Finite and above 0. Null, the default, means 0.1 with gradient descent, 0.004 with Adam and 0.001 with RMSProp. With the latter
    /// two it is halved each time that the mean over the rows of Σ|x| doubles beyond 250. Not accepted with
    /// <see cref="Optimizer.Lbfgs"/>, whose line search finds the step sizes.
    /// </value>
    /// <remarks>Halve it when the loss of the first epoch rises; with <see cref="Momentum"/> 0.9 start at a tenth.</remarks>
    [Range(1e-4f, 3e-2f, 4e-3f, true)]
    public float? LearningRate;

    /// <summary>How the learning rate changes during training.</summary>
    /// <value>
    /// Null, the default, means <see cref="LearningRateSchedule.Cosine"/> with Adam and RMSProp and
    /// <see cref="LearningRateSchedule.Constant"/> with gradient descent.
    /// </value>
    public LearningRateSchedule? LearningRateSchedule;

    /// <summary>
    /// The factor by which the learning rate is multiplied at each drop, with <see cref="LearningRateSchedule.Step"/> and
    /// <see cref="LearningRateSchedule.OnPlateau"/>.
    /// </summary>
    /// <value>Above 0 and less than 1; null, the default, for 0.1.</value>
    public float? LearningRateDropFactor;

    /// <summary>
    /// The number of epochs between two drops with <see cref="LearningRateSchedule.Step"/>; the number of epochs without improvement
    /// before a drop with <see cref="LearningRateSchedule.OnPlateau"/>.
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
    /// The number of epochs in which the learning rate rises linearly to η before its schedule begins; it may be a fraction (Goyal et
    /// al. 2017, arXiv:1706.02677).
    /// </summary>
    /// <value>
    /// Finite, 0 or above. The default is 0. With more than <see cref="NumberOfEpochs"/>, training ends before the rate reaches η.
    /// </value>
    public float WarmUpEpochs;

    /// <summary>The momentum μ, the factor of the previous update in the next, of <see cref="Optimizer.GradientDescent"/>.</summary>
    /// <value>0 or above and less than 1. The default is 0. Other optimizers accept 0 only.</value>
    public float Momentum;

    /// <summary>
    /// Whether to use Nesterov momentum (Sutskever et al. 2013), with <see cref="Optimizer.GradientDescent"/> and
    /// <see cref="Momentum"/> above 0.
    /// </summary>
    /// <value>The default is false. Accepted only where it has an effect.</value>
    public bool Nesterov;

    /// <summary>The decay rate β₁ of Adam's moving mean of the gradient.</summary>
    /// <value>0 or above and less than 1; null, the default, for 0.9. Accepted with <see cref="Optimizer.Adam"/> only.</value>
    public float? Beta1;

    /// <summary>The decay rate β₂ of Adam's moving mean of the squared gradient.</summary>
    /// <value>0 or above and less than 1; null, the default, for 0.999. Accepted with <see cref="Optimizer.Adam"/> only.</value>
    public float? Beta2;

    /// <summary>
    /// The constant ε that prevents a division by 0 in Adam and RMSProp. Below about 1e-16 it no longer limits the step for a gradient
    /// so small that its square underflows to 0 in a float.
    /// </summary>
    /// <value>Finite and above 0; null, the default, for 1e-8.</value>
    public float? Epsilon;

    /// <summary>The decay rate ρ of RMSProp's moving mean of the squared gradient.</summary>
    /// <value>0 or above and less than 1; null, the default, for 0.9. Accepted with <see cref="Optimizer.RmsProp"/> only.</value>
    public float? RmsPropDecay;

    /// <summary>The number m of past steps from which L-BFGS approximates the curvature.</summary>
    /// <value>
    /// 1 to 1000; null, the default, for 10. It takes memory for 2 m times the number of parameters. Accepted with
    /// <see cref="Optimizer.Lbfgs"/> only.
    /// </value>
    public int? LbfgsHistorySize;

    /// <summary>The distribution of the initial weights; without effect where <c>Fit</c> gets an initial model.</summary>
    /// <value>The default is <see cref="WeightInitialization.HeUniform"/>.</value>
    public WeightInitialization WeightInitialization = WeightInitialization.HeUniform;

    /// <summary>The number of epochs without improvement after which training stops.</summary>
    /// <value>0, the default, for never.</value>
    public int EarlyStoppingPatience;

    /// <summary>The smallest change of the loss, or of the accuracy, that counts as an improvement.</summary>
    /// <value>Finite, 0 or above. The default is 0.0001.</value>
    public float EarlyStoppingTolerance = 1e-4f;

    /// <summary>
    /// The metric for <see cref="EarlyStoppingPatience"/> and <see cref="RestoreBestEpoch"/>. It is measured on the validation rows, or
    /// on the training rows without validation data.
    /// </summary>
    /// <value>The default is <see cref="EarlyStoppingMetric.Loss"/>.</value>
    public EarlyStoppingMetric EarlyStoppingMetric = EarlyStoppingMetric.Loss;

    /// <summary>Whether the parameters of the best epoch are returned, instead of those of the last epoch.</summary>
    /// <value>The default is false.</value>
    /// <remarks>
    /// With true, a training that diverges after its first epoch returns the best parameters so far, with a warning, instead of
    /// throwing. Where no epoch had a finite validation loss, there is no best epoch: the parameters of the last one are returned.
    /// </remarks>
    public bool RestoreBestEpoch;

    /// <summary>
    /// Whether a canceled training returns the parameters of the best epoch so far, with a warning, instead of throwing. Before the end
    /// of the first epoch it throws. Where no epoch had a finite validation loss, there is no best epoch: the parameters of the last
    /// one are returned.
    /// </summary>
    /// <value>The default is false.</value>
    public bool KeepBestOnCancel;

    /// <summary>
    /// The file to which the complete state of training is written atomically between epochs: parameters, optimizer state, state of the
    /// random numbers, and history.
    /// </summary>
    /// <value>
    /// Null, the default, for none. The folder must exist; if the file can't be written, <c>Fit</c> throws before the first epoch. A
    /// relative path is relative to the current folder when <c>Fit</c> begins.
    /// </value>
    public string? CheckpointPath;

    /// <summary>The number of epochs between two checkpoints. A checkpoint is always written after the last epoch.</summary>
    /// <value>1 or more. The default is 1.</value>
    public int CheckpointInterval = 1;

    /// <summary>
    /// Whether training resumes from the checkpoint, if the file exists. The result has the same bytes as without an interruption.
    /// </summary>
    /// <value>The default is false: an existing checkpoint is replaced.</value>
    /// <remarks>
    /// The checkpoint must have been written with the same options, the same data and a processor of the same vector instructions; the
    /// error names each difference. The number of threads and callbacks may differ. <see cref="NumberOfEpochs"/> may differ unless the
    /// schedule depends on it.
    /// </remarks>
    public bool ResumeFromCheckpoint;

    /// <summary>
    /// The seed of the initial weights, the row orders, dropout, augmentation and the validation split. The same seed gives the same
    /// bytes on any number of threads.
    /// </summary>
    /// <value>Null, the default, to draw it from the <c>MLContext</c>.</value>
    public int? Seed;

    /// <summary>The maximum number of threads, the calling thread included. The result is bit-identical for any number.</summary>
    /// <value>1 to 1024; null, the default, for the number of processors, which is also the upper limit.</value>
    /// <remarks>
    /// Fewer threads are used where more would not be faster: small batches run on the calling thread only, concurrent trainings in one
    /// process share the processors, and while other programs use the processors, the trainer uses fewer threads.
    /// </remarks>
    public int? NumberOfThreads;

    /// <summary>
    /// The factory of the worker-count controller, which gets the maximum number of threads; null for the default controller. For
    /// tests, since the default controller uses one thread only for their small tables.
    /// </summary>
    internal Func<int, IWorkerCount>? WorkerCounts;

    /// <summary>The callback after each epoch, called on the thread that called <c>Fit</c>.</summary>
    /// <value>Null, the default, for none. An exception that it throws ends training and is thrown by <c>Fit</c>.</value>
    public Action<TrainingEpoch>? EpochCallback;

    /// <summary>
    /// The token that stops training between two batches; <c>Fit</c> then throws an <see cref="OperationCanceledException"/>.
    /// </summary>
    /// <value>
    /// The default token never stops training. The token argument of <c>Fit</c> has the same effect, and so has canceling the
    /// <see cref="MLContext"/>, but Microsoft.ML has no public member for that: its <c>CancelExecution</c> is internal.
    /// </value>
    public CancellationToken CancellationToken;

    /// <summary>Gets the task, which decides the label, the output head and the score columns.</summary>
    internal abstract LearningTask Task { get; }

    /// <summary>Gets the loss of a regression.</summary>
    internal virtual RegressionLoss RegressionLoss => RegressionLoss.Squared;

    /// <summary>Gets δ or q, where the loss has one.</summary>
    internal virtual float LossParameter => 0;

    /// <summary>Gets whether the targets of a regression are standardized.</summary>
    internal virtual bool AreTargetsStandardized => false;

    /// <summary>Gets the share of a target that is spread over all classes.</summary>
    internal virtual float SmoothingOfLabels => 0;

    /// <summary>Gets whether all classes have the same total weight.</summary>
    internal virtual bool AreClassesBalanced => false;

    /// <summary>Gets the factors of the rows' weights by class name; null for none.</summary>
    internal virtual IReadOnlyDictionary<string, float>? WeightsByClass => null;

    internal TwoLayerNetworkOptions Clone() => (TwoLayerNetworkOptions)MemberwiseClone();

    internal static class Defaults
    {
        public const string LabelColumnName = "Label";
        public const string FeatureColumnName = "Features";
        public const int HiddenUnits = 32;
    }
}
