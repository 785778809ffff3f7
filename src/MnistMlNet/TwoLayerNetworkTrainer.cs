using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.SearchSpace;
using MnistMlNet.Configuration;
using MnistMlNet.Training;

namespace MnistMlNet;

/// <summary>Trains a neural network with one hidden layer for multiclass classification.</summary>
/// <remarks>
/// <para>To create this trainer, use
/// <see cref="TwoLayerNetworkCatalog.TwoLayerNetwork(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, string?, int, int?, int?, float?)"/>
/// or
/// <see cref="TwoLayerNetworkCatalog.TwoLayerNetwork(MulticlassClassificationCatalog.MulticlassClassificationTrainers, Options)"/>.</para>
/// <para><b>Input and output columns.</b> The label column is a key (see <c>MapValueToKey</c>), the feature column a known-sized vector of
/// <see cref="float"/>, the optional weight column a <see cref="float"/>. The output columns are <c>Score</c>, the class probabilities, and
/// <c>PredictedLabel</c>, a key.</para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Multiclass classification</description></item>
/// <item><term>Is normalization required?</term><description>No: features are centred and scaled during training, see
/// <see cref="TwoLayerNetworkOptions.StandardizeFeatures"/></description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, unless <see cref="TwoLayerNetworkOptions.CacheRows"/> is
/// false</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MnistMlNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes, by <see cref="TwoLayerNetworkModelParametersBase.SaveOnnx"/> and
/// <see cref="ModelOperationsCatalogExtensions.SaveOnnx"/>, and by ML.NET's own <c>ConvertToOnnx</c></description></item>
/// </list>
/// <para><b>Training algorithm.</b> Minimizes the mean cross-entropy <c>-ln p[label]</c> of <c>p = softmax(W2 · f(W1 · x + b1) + b2)</c>:
/// in mini-batches with Adam (arXiv:1412.6980) and a cosine schedule (arXiv:1608.03983), or with RMSProp or gradient descent, or in full
/// batches with L-BFGS; see <see cref="Optimizer"/> and <see cref="LearningRateSchedule"/>. For options that are null, the trainer chooses
/// values by the optimizer and by the number and size of the rows; <see cref="TrainingHistory.Options"/> has these values after training.
/// Rows with a missing label, a feature that isn't finite, or a weight that isn't a finite number above 0 are skipped; one warning gives
/// their number.</para>
/// <para><b>Regularization.</b> The default with Adam is decoupled weight decay (arXiv:1711.05101) and, with 100 features or more, input
/// dropout of 0.1. L1, a maximum norm of the weights, dropout of hidden units, label smoothing, gradient clipping and augmentation of the
/// rows are available as options.</para>
/// <para><b>Validation and early stopping.</b> Off by default. Validation rows for measurements after each epoch come from
/// <see cref="TwoLayerNetworkOptions.ValidationSet"/>, <see cref="TwoLayerNetworkOptions.ValidationFraction"/> or an argument of
/// <c>Fit</c>. <see cref="TwoLayerNetworkOptions.EarlyStoppingPatience"/> stops training where nothing improves, and
/// <see cref="TwoLayerNetworkOptions.RestoreBestEpoch"/> returns the parameters of the best epoch.</para>
/// <para><b>Reproducibility.</b> The same seed gives the same bytes on any number of threads, and a training that resumes from a checkpoint
/// gives the same bytes as an uninterrupted one. Processors with vectors of another width round differently.</para>
/// <para>Check the See Also section for links to usage examples.</para>
/// </remarks>
/// <seealso cref="TwoLayerNetworkCatalog.TwoLayerNetwork(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, string?, int, int?, int?, float?)"/>
/// <seealso cref="TwoLayerNetworkCatalog.TwoLayerNetwork(MulticlassClassificationCatalog.MulticlassClassificationTrainers, Options)"/>
/// <seealso cref="Options"/>
public sealed class TwoLayerNetworkTrainer : TwoLayerNetworkTrainerBase<TwoLayerNetworkTransformer, TwoLayerNetworkModelParameters>
{
    internal TwoLayerNetworkTrainer(IHostEnvironment environment, Options options)
        : base(environment, "TwoLayerNetwork", options)
    {
    }

    private protected override TwoLayerNetworkTransformer CreateTransformer(
        IHost host, TrainedNetwork trained, DataViewSchema schema) => new(
            host, new TwoLayerNetworkModelParameters(trained.Parameters, trained.Labels?.Texts ?? default), trained.FeatureColumnName,
            trained.Labels, trained.History);

    private protected override KnownNetwork Known(TwoLayerNetworkTransformer model) => new(model.Model.Network) { Labels = model.Labels };

    private protected override KnownNetwork Known(TwoLayerNetworkModelParameters model) =>
        new(model.Network) { ClassTexts = model.HasClassNames ? model.ClassNames : [] };

    /// <summary>
    /// The options of <see cref="TwoLayerNetworkTrainer"/>: those of all tasks, and those of classes.
    /// </summary>
    public sealed class Options : TwoLayerNetworkOptions
    {
        /// <summary>
        /// The fraction s of each target that is distributed evenly over all classes: <c>(1 - s) · oneHot + s / C</c> (Szegedy et al.
        /// 2016).
        /// </summary>
        /// <value>0 or above and less than 1. The default is 0.</value>
        /// <remarks>The training loss is measured against these targets; the validation loss is not smoothed.</remarks>
        [Range(0f, 0.2f, 0f)]
        public float LabelSmoothing;

        /// <summary>
        /// Whether rows of class c have the weight <c>n / (C' · n_c)</c>, so that every class has the same total weight. n is the number of
        /// rows, n_c that of the class, C' the number of classes that occur.
        /// </summary>
        /// <value>The default is false. Not together with <see cref="ClassWeights"/>.</value>
        public bool BalancedClassWeights;

        /// <summary>Factors of the rows' weights by class name.</summary>
        /// <value>Finite numbers above 0; classes that aren't named have 1. Null, the default, for none.</value>
        /// <remarks>
        /// Names are the label's key values as invariant text, or <c>"0"</c>, <c>"1"</c> … where it has none. <c>Fit</c> refuses a name
        /// that no class has. The product of a row's class weight and example weight is divided by its mean over the training rows, so only
        /// the ratios matter. Class weights apply to training, not to the validation loss.
        /// </remarks>
        public IReadOnlyDictionary<string, float>? ClassWeights;

        internal override LearningTask Task => LearningTask.Multiclass;

        internal override float SmoothingOfLabels => LabelSmoothing;

        internal override bool AreClassesBalanced => BalancedClassWeights;

        internal override IReadOnlyDictionary<string, float>? WeightsByClass => ClassWeights;
    }
}
