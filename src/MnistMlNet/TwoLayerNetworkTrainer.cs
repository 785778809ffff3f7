using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MnistMlNet.Configuration;
using MnistMlNet.Extensibility;
using MnistMlNet.Scoring;
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
/// <see cref="Options.StandardizeFeatures"/></description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, unless <see cref="Options.CacheRows"/> is
/// false</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MnistMlNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes, by <see cref="TwoLayerNetworkModelParameters.SaveOnnx"/> and
/// <see cref="ModelOperationsCatalogExtensions.SaveOnnx"/>; not by ML.NET's own <c>ConvertToOnnx</c></description></item>
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
/// <see cref="Options.ValidationSet"/>, <see cref="Options.ValidationFraction"/> or an argument of <c>Fit</c>.
/// <see cref="Options.EarlyStoppingPatience"/> stops training where nothing improves, and <see cref="Options.RestoreBestEpoch"/> returns
/// the parameters of the best epoch.</para>
/// <para><b>Reproducibility.</b> The same seed gives the same bytes on any number of threads, and a training that resumes from a checkpoint
/// gives the same bytes as an uninterrupted one. Processors with vectors of another width round differently.</para>
/// <para>Check the See Also section for links to usage examples.</para>
/// </remarks>
/// <seealso cref="TwoLayerNetworkCatalog.TwoLayerNetwork(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, string?, int, int?, int?, float?)"/>
/// <seealso cref="TwoLayerNetworkCatalog.TwoLayerNetwork(MulticlassClassificationCatalog.MulticlassClassificationTrainers, Options)"/>
/// <seealso cref="Options"/>
public sealed partial class TwoLayerNetworkTrainer : ITrainerEstimator<TwoLayerNetworkTransformer, TwoLayerNetworkModelParameters>
{
    private const string Name = "TwoLayerNetwork";

    private readonly IHost _host;
    private readonly Options _options;

    internal TwoLayerNetworkTrainer(IHostEnvironment environment, Options options)
    {
        OptionTable.Check(options);
        _host = environment.Register(Name);
        _options = options.Clone();
        Info = SchemaFactory.CreateTrainerInfo(
            normalization: !_options.StandardizeFeatures, caching: false, supportsValidation: true, supportsIncrementalTraining: true);
    }

    /// <summary>
    /// Gets the properties of the trainer: it normalizes features itself unless <see cref="Options.StandardizeFeatures"/> is false, and it
    /// doesn't need a cached data view, since it keeps the rows in memory itself.
    /// </summary>
    public TrainerInfo Info { get; }

    /// <summary>Trains on the rows of <paramref name="input"/>.</summary>
    /// <param name="input">The training rows.</param>
    /// <returns>The trained transformer.</returns>
    /// <inheritdoc cref="Fit(IDataView, IDataView?, TwoLayerNetworkModelParameters?, CancellationToken)" path="/exception"/>
    public TwoLayerNetworkTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on the rows of <paramref name="input"/>.</summary>
    /// <param name="input">The training rows.</param>
    /// <param name="validationData">Rows to measure loss and accuracy after each epoch; they aren't used for training. They must have the
    /// same columns as <paramref name="input"/>.</param>
    /// <param name="initialModel">The parameters to start from, instead of random ones. The numbers of inputs, hidden units and classes,
    /// and the activation, must be those of this training. The model isn't changed.</param>
    /// <param name="cancellationToken">Stops training between two batches.</param>
    /// <returns>The trained transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, or the label has fewer than 2
    /// classes.</exception>
    /// <exception cref="ArgumentException"><paramref name="validationData"/>, <paramref name="initialModel"/> or
    /// <see cref="Options.Augmentation"/> doesn't match the training data.</exception>
    /// <exception cref="InvalidOperationException">There is no valid row, a row is malformed or too large, a batch is too large for an
    /// array, or training diverged; the message says what to change.</exception>
    /// <exception cref="InsufficientMemoryException">There isn't enough memory; the message says how much training needs and which option
    /// to lower.</exception>
    /// <exception cref="OperationCanceledException">A token, or the <c>MLContext</c>, was canceled.</exception>
    public TwoLayerNetworkTransformer Fit(
        IDataView input, IDataView? validationData = null, TwoLayerNetworkModelParameters? initialModel = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training");
        return new TrainingRun(_host, channel, _options, cancellationToken).Fit(input, validationData, initialModel);
    }

    /// <summary>
    /// Continues the training of a model with more data, as scikit-learn's <c>partial_fit</c> does. The classes stay the same, and training
    /// starts from the model's parameters.
    /// </summary>
    /// <param name="model">The model to continue with. It isn't changed. Its numbers of inputs and hidden units, and its activation, must
    /// match the data and the options.</param>
    /// <param name="moreData">The rows to train on. Their classes are matched by name and may be a subset of the model's classes; other
    /// classes are refused.</param>
    /// <param name="validationData">Rows to measure loss and accuracy after each epoch; they aren't used for training.</param>
    /// <param name="cancellationToken">Stops training between two batches.</param>
    /// <returns>A new transformer with the classes of <paramref name="model"/>. Its history is that of this call only.</returns>
    /// <exception cref="ArgumentException"><paramref name="moreData"/> doesn't match <paramref name="model"/>.</exception>
    /// <inheritdoc cref="Fit(IDataView, IDataView?, TwoLayerNetworkModelParameters?, CancellationToken)" path="/exception"/>
    /// <remarks>
    /// The optimizer starts with a new state. For small amounts of data, choose fewer <see cref="Options.NumberOfEpochs"/> and a constant,
    /// smaller <see cref="Options.LearningRate"/> than the defaults.
    /// </remarks>
    public TwoLayerNetworkTransformer ContinueFit(
        TwoLayerNetworkTransformer model, IDataView moreData, IDataView? validationData = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(moreData);
        using IChannel channel = _host.Start("Training");
        return new TrainingRun(_host, channel, _options, cancellationToken).Continue(model, moreData, validationData);
    }

    /// <summary>Gets the schema of the trained transformer's output, for schema propagation.</summary>
    /// <param name="inputSchema">The schema shape of the training data.</param>
    /// <returns>The schema shape with <c>Score</c> and <c>PredictedLabel</c> added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return TrainingShape.GetOutputSchema(_host, inputSchema, _options);
    }

    internal static class Defaults
    {
        public const string LabelColumnName = "Label";
        public const string FeatureColumnName = "Features";
        public const int HiddenUnits = 32;
    }
}
