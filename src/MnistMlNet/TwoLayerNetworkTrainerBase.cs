using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MnistMlNet.Configuration;
using MnistMlNet.Extensibility;
using MnistMlNet.Scoring;
using MnistMlNet.Training;

namespace MnistMlNet;

/// <summary>What the trainers of all tasks have in common.</summary>
/// <typeparam name="TTransformer">What <c>Fit</c> returns.</typeparam>
/// <typeparam name="TModel">The parameters of its network.</typeparam>
[SuppressMessage("ApiDesign", "RS0026", Justification = "The overloads differ in a required parameter.")]
public abstract class TwoLayerNetworkTrainerBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : TwoLayerNetworkModelParametersBase
{
    private readonly IHost _host;
    private readonly TwoLayerNetworkOptions _options;

    private protected TwoLayerNetworkTrainerBase(IHostEnvironment environment, string name, TwoLayerNetworkOptions options)
    {
        OptionTable.Check(options);
        _host = environment.Register(name);
        _options = options.Clone();
        Info = SchemaFactory.CreateTrainerInfo(
            normalization: !_options.StandardizeFeatures, caching: false, supportsValidation: true, supportsIncrementalTraining: true);
    }

    /// <summary>
    /// Gets the properties of the trainer: it normalizes features itself unless
    /// <see cref="TwoLayerNetworkOptions.StandardizeFeatures"/> is false, and keeps the rows in memory itself, so that a cached view before
    /// it isn't needed.
    /// </summary>
    public TrainerInfo Info { get; }

    /// <summary>Trains on the rows of <paramref name="input"/>.</summary>
    /// <param name="input">The training rows.</param>
    /// <returns>The trained transformer.</returns>
    /// <inheritdoc cref="Fit(IDataView, IDataView?, TModel?, CancellationToken)" path="/exception"/>
    public TTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on the rows of <paramref name="input"/>.</summary>
    /// <param name="input">The training rows.</param>
    /// <param name="validationData">Rows to measure the loss of after each epoch; not trained on. They have the same columns.</param>
    /// <param name="initialModel">The parameters to start from, instead of random ones; its inputs, hidden units, outputs and activation
    /// must be those of this training. It isn't changed.</param>
    /// <param name="cancellationToken">Stops training between two batches.</param>
    /// <returns>The trained transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, or a label for classes has fewer than
    /// 2.</exception>
    /// <exception cref="ArgumentException"><paramref name="validationData"/>, <paramref name="initialModel"/> or
    /// <see cref="TwoLayerNetworkOptions.Augmentation"/> don't fit the training data.</exception>
    /// <exception cref="InvalidOperationException">There is no valid row, a row is malformed or too large, a batch can't fit an array, or
    /// training diverged; the message says what to change.</exception>
    /// <exception cref="InsufficientMemoryException">Memory ran out; the message says how much training takes and which option to
    /// lower.</exception>
    /// <exception cref="OperationCanceledException">A token, or the <c>MLContext</c>, was canceled.</exception>
    public TTransformer Fit(
        IDataView input, IDataView? validationData = null, TModel? initialModel = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training");
        TrainedNetwork trained =
            new TrainingRun(_host, channel, _options, cancellationToken).Fit(input, validationData, initialModel?.Network);
        return CreateTransformer(_host, trained, input.Schema);
    }

    /// <summary>Trains on the rows of <paramref name="trainData"/>, starting from given parameters.</summary>
    /// <param name="trainData">The training rows.</param>
    /// <param name="modelParameters">The parameters to start from, instead of random ones; its inputs, hidden units, outputs and activation
    /// must be those of this training. It isn't changed. The classes are those of <paramref name="trainData"/>, in their order; to match
    /// them by name, use <see cref="ContinueFit(TModel, IDataView, IDataView?, CancellationToken)"/>.</param>
    /// <returns>The trained transformer.</returns>
    /// <inheritdoc cref="Fit(IDataView, IDataView?, TModel?, CancellationToken)" path="/exception"/>
    /// <remarks>The same arguments as of ML.NET's own trainers that start from a model, such as <c>LbfgsMaximumEntropy</c>.</remarks>
    // The priority makes Fit(data, null) a call of the other overload, as it was before this one.
    [OverloadResolutionPriority(-1)]
    public TTransformer Fit(IDataView trainData, TModel modelParameters)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(modelParameters);
        return Fit(trainData, validationData: null, initialModel: modelParameters);
    }

    /// <summary>
    /// Continues training a model with more data, as scikit-learn's <c>partial_fit</c> does: its classes or outputs stay, and training
    /// starts from its parameters.
    /// </summary>
    /// <param name="model">The model to continue with. It isn't changed. Its inputs, hidden units and activation must be those of these
    /// options.</param>
    /// <param name="moreData">The rows to train on. Classes are matched by name, and may be some of the model's; a class that the model
    /// doesn't have is refused. A vector label has as many slots as the model has outputs.</param>
    /// <param name="validationData">Rows to measure the loss of after each epoch; not trained on.</param>
    /// <param name="cancellationToken">Stops training between two batches.</param>
    /// <returns>A new transformer with the classes or outputs of <paramref name="model"/>. Its history is that of this run.</returns>
    /// <exception cref="ArgumentException"><paramref name="moreData"/> doesn't fit <paramref name="model"/>.</exception>
    /// <inheritdoc cref="Fit(IDataView, IDataView?, TModel?, CancellationToken)" path="/exception"/>
    /// <remarks>
    /// The optimizer starts anew. For small pieces of data choose fewer <see cref="TwoLayerNetworkOptions.NumberOfEpochs"/> and a constant,
    /// smaller <see cref="TwoLayerNetworkOptions.LearningRate"/> than the default.
    /// </remarks>
    public TTransformer ContinueFit(
        TTransformer model, IDataView moreData, IDataView? validationData = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(moreData);
        return Continue(Known(model), moreData, validationData, cancellationToken);
    }

    /// <summary>Continues training from the parameters of a model, where its transformer isn't there.</summary>
    /// <param name="model">The parameters to continue with. They aren't changed. Inputs, hidden units and activation must be those of these
    /// options.</param>
    /// <param name="moreData">The rows to train on. Classes are matched by name: the text of a class is compared with the parameters' class
    /// names. Parameters without names (from <c>Create</c> or <c>LoadNpz</c>) need the same number of classes, in the same order.</param>
    /// <param name="validationData">Rows to measure the loss of after each epoch; not trained on.</param>
    /// <param name="cancellationToken">Stops training between two batches.</param>
    /// <returns>A new transformer with the classes or outputs of <paramref name="model"/>. Its history is that of this run.</returns>
    /// <exception cref="ArgumentException"><paramref name="moreData"/> doesn't fit <paramref name="model"/>; or it lacks a class of it, and
    /// its classes aren't texts, so that the value of that class isn't known.</exception>
    /// <inheritdoc cref="Fit(IDataView, IDataView?, TModel?, CancellationToken)" path="/exception"/>
    [OverloadResolutionPriority(-1)]
    public TTransformer ContinueFit(
        TModel model, IDataView moreData, IDataView? validationData = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(moreData);
        return Continue(Known(model), moreData, validationData, cancellationToken);
    }

    /// <summary>Gives the columns of the trained transformer, for schema propagation.</summary>
    /// <param name="inputSchema">The shape of the training data.</param>
    /// <returns>The shape with the added columns.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return TrainingShape.GetOutputSchema(_host, inputSchema, _options);
    }

    // The schema is that of the training data.
    private protected abstract TTransformer CreateTransformer(IHost host, TrainedNetwork trained, DataViewSchema schema);

    /// <summary>Gives what is known of a model that training is to continue with.</summary>
    private protected virtual KnownNetwork Known(TTransformer model) => Known(model.Model);

    /// <summary>Gives what is known of a model by its parameters.</summary>
    private protected abstract KnownNetwork Known(TModel model);

    private TTransformer Continue(
        KnownNetwork known, IDataView moreData, IDataView? validationData, CancellationToken cancellationToken)
    {
        using IChannel channel = _host.Start("Training");
        TrainedNetwork trained =
            new TrainingRun(_host, channel, _options, cancellationToken).Continue(known, moreData, validationData);
        return CreateTransformer(_host, trained, moreData.Schema);
    }
}
