using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MnistMlNet.Configuration;
using MnistMlNet.Extensibility;
using MnistMlNet.Scoring;
using MnistMlNet.Training;

namespace MnistMlNet;

/// <summary>Trains a neural network of one hidden layer for multiclass classification.</summary>
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
/// <item><term>Is normalization required?</term><description>No: features are centred and scaled while training, see
/// <see cref="Options.StandardizeFeatures"/></description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, unless <see cref="Options.CacheRows"/> is
/// false</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MnistMlNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes, by <see cref="TwoLayerNetworkModelParameters.SaveOnnx"/> and
/// <see cref="ModelOperationsCatalogExtensions.SaveOnnx"/>; not by ML.NET's own <c>ConvertToOnnx</c></description></item>
/// </list>
/// <para><b>Training algorithm.</b> Minimizes the mean cross-entropy <c>-ln p[label]</c> of <c>p = softmax(W2 · f(W1 · x + b1) + b2)</c>:
/// by mini-batches with Adam (arXiv:1412.6980) and a cosine schedule (arXiv:1608.03983), or with RMSProp or gradient descent, or over all
/// rows at once with L-BFGS; see <see cref="Optimizer"/> and <see cref="LearningRateSchedule"/>. What the options leave open is chosen by
/// the optimizer and the number and size of the rows, and can be read in <see cref="TrainingHistory.Options"/> afterwards. Rows with a
/// missing label, a feature that isn't finite, or a weight that isn't a finite number above 0 are skipped, and counted in one
/// warning.</para>
/// <para><b>Regularization.</b> By default, with Adam, decoupled decay of the weights (arXiv:1711.05101), and a tenth of the features left
/// out of each step where there are 100 or more. There are L1, a limit of the weights' norm, dropout of hidden units, label smoothing,
/// gradient clipping and augmentation of the rows besides.</para>
/// <para><b>Validation and early stopping.</b> Off by default. <see cref="Options.ValidationSet"/>,
/// <see cref="Options.ValidationFraction"/> or <c>Fit</c> give rows to measure by after each epoch;
/// <see cref="Options.EarlyStoppingPatience"/> stops where nothing improves, and <see cref="Options.RestoreBestEpoch"/> returns the best
/// epoch's parameters.</para>
/// <para><b>Repeatability.</b> The same seed gives the same bytes on any number of threads, and from a checkpoint as without a stop;
/// processors with vectors of other widths round differently.</para>
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
    /// Gets what the trainer says about itself: it normalizes features itself unless <see cref="Options.StandardizeFeatures"/> is false,
    /// and keeps its rows itself, so that a cached view before it isn't needed.
    /// </summary>
    public TrainerInfo Info { get; }

    /// <summary>Trains on the rows of <paramref name="input"/>.</summary>
    /// <param name="input">The training rows.</param>
    /// <returns>The trained transformer.</returns>
    /// <inheritdoc cref="Fit(IDataView, IDataView?, TwoLayerNetworkModelParameters?, CancellationToken)" path="/exception"/>
    public TwoLayerNetworkTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on the rows of <paramref name="input"/>.</summary>
    /// <param name="input">The training rows.</param>
    /// <param name="validationData">Rows to measure loss and accuracy of after each epoch; not trained on. They have the same
    /// columns.</param>
    /// <param name="initialModel">The parameters to start from, instead of random ones; its inputs, hidden units, classes and activation
    /// must be those of this training. It isn't changed.</param>
    /// <param name="cancellationToken">Stops training between two batches.</param>
    /// <returns>The trained transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, or the label has fewer than 2
    /// classes.</exception>
    /// <exception cref="ArgumentException"><paramref name="validationData"/>, <paramref name="initialModel"/> or
    /// <see cref="Options.Augmentation"/> don't fit the training data.</exception>
    /// <exception cref="InvalidOperationException">There is no valid row, a row is malformed or too large, a batch can't fit an array, or
    /// training diverged; the message says what to change.</exception>
    /// <exception cref="InsufficientMemoryException">Memory ran out; the message says how much training takes and which option to
    /// lower.</exception>
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
    /// Goes on training a model with more data, as scikit-learn's <c>partial_fit</c> does: its classes stay, and its parameters are where
    /// training starts.
    /// </summary>
    /// <param name="model">The model to go on with. It isn't changed. Its inputs, hidden units and activation must be those of these
    /// options.</param>
    /// <param name="moreData">The rows to train on. Their classes are matched by value, and may be some of the model's; a class that it
    /// doesn't have is refused.</param>
    /// <param name="validationData">Rows to measure loss and accuracy of after each epoch; not trained on.</param>
    /// <param name="cancellationToken">Stops training between two batches.</param>
    /// <returns>A new transformer with the classes of <paramref name="model"/>. Its history is that of this run.</returns>
    /// <exception cref="ArgumentException"><paramref name="moreData"/> doesn't fit <paramref name="model"/>.</exception>
    /// <inheritdoc cref="Fit(IDataView, IDataView?, TwoLayerNetworkModelParameters?, CancellationToken)" path="/exception"/>
    /// <remarks>
    /// The optimizer starts afresh. For small pieces of data choose fewer <see cref="Options.NumberOfEpochs"/> and a constant, smaller
    /// <see cref="Options.LearningRate"/> than by default.
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

    /// <summary>Tells which columns the trained transformer will give, for schema propagation.</summary>
    /// <param name="inputSchema">The shape of the training data.</param>
    /// <returns>The shape with <c>Score</c> and <c>PredictedLabel</c> added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return TrainingShape.GetOutputSchema(_host, inputSchema, _options);
    }
}
