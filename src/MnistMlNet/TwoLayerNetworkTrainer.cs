using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MnistMlNet.Extensibility;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Scoring;
using MnistMlNet.Training;

namespace MnistMlNet;

/// <summary>Trains a neural network of one hidden layer for multiclass classification.</summary>
/// <remarks>
/// <para>To create this trainer, use <see cref="TwoLayerNetworkCatalog.TwoLayerNetwork(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, string?, int, int?, int?, float?)"/>
/// or <see cref="TwoLayerNetworkCatalog.TwoLayerNetwork(MulticlassClassificationCatalog.MulticlassClassificationTrainers, Options)"/>.</para>
/// <para><b>Input and output columns.</b> The label column is a key (see <c>MapValueToKey</c>), the feature column a known-sized vector of
/// <see cref="float"/>, the optional weight column a <see cref="float"/>. The output columns are <c>Score</c>, the class probabilities, and
/// <c>PredictedLabel</c>, a key.</para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Multiclass classification</description></item>
/// <item><term>Is normalization required?</term><description>Recommended; features above 10 are scaled while training, with a warning</description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, unless <see cref="Options.CacheRows"/> is false</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MnistMlNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes, by <see cref="TwoLayerNetworkModelParameters.SaveOnnx"/> and <see cref="ModelOperationsCatalogExtensions.SaveOnnx"/>; not by ML.NET's own <c>ConvertToOnnx</c></description></item>
/// </list>
/// <para><b>Training algorithm.</b> Minimizes the mean cross-entropy <c>-ln p[label]</c> of <c>p = softmax(W2 · f(W1 · x + b1) + b2)</c> by
/// mini-batches: Adam (arXiv:1412.6980) with a cosine schedule (arXiv:1608.03983), or gradient descent. Rows with a missing label, a feature that
/// isn't finite, or a weight that isn't a finite number above 0 are skipped, and counted in one warning.</para>
/// </remarks>
public sealed partial class TwoLayerNetworkTrainer : ITrainerEstimator<TwoLayerNetworkTransformer, TwoLayerNetworkModelParameters>
{
    private const string Name = "TwoLayerNetwork";

    private readonly IHost _host;
    private readonly Options _options;

    internal TwoLayerNetworkTrainer(IHostEnvironment environment, Options options)
    {
        OptionsCheck.Check(options);
        _host = environment.Register(Name);
        _options = options.Clone();
    }

    /// <summary>Gets what the trainer says about itself: it profits from normalized features, and keeps its rows itself, so that a cached view before it isn't needed.</summary>
    public TrainerInfo Info { get; } = SchemaFactory.CreateTrainerInfo(
        normalization: true, caching: false, supportsValidation: true, supportsIncrementalTraining: true);

    /// <summary>Trains on the rows of <paramref name="input"/>.</summary>
    /// <param name="input">The training rows.</param>
    /// <returns>The trained transformer.</returns>
    /// <inheritdoc cref="Fit(IDataView, IDataView?, TwoLayerNetworkModelParameters?, CancellationToken)" path="/exception"/>
    public TwoLayerNetworkTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on the rows of <paramref name="input"/>.</summary>
    /// <param name="input">The training rows.</param>
    /// <param name="validationData">Rows to measure loss and accuracy of after each epoch; not trained on. They have the same columns.</param>
    /// <param name="initialModel">The parameters to start from, instead of random ones; its inputs, hidden units, classes and activation must be those of this training. It isn't changed.</param>
    /// <param name="cancellationToken">Stops training between two batches.</param>
    /// <returns>The trained transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, or the label has fewer than 2 classes.</exception>
    /// <exception cref="ArgumentException"><paramref name="validationData"/> or <paramref name="initialModel"/> don't fit the training data.</exception>
    /// <exception cref="InvalidOperationException">There is no valid row, or training diverged; the message says what to change.</exception>
    /// <exception cref="OperationCanceledException">A token, or the <c>MLContext</c>, was canceled.</exception>
    public TwoLayerNetworkTransformer Fit(
        IDataView input, IDataView? validationData = null, TwoLayerNetworkModelParameters? initialModel = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training");
        var columns = new TrainingColumns(_host, input.Schema, _options);
        CheckInitialModel(initialModel, columns);
        ClassLabels? labels = ClassLabels.From(columns.Label);

        void CheckCanceled()
        {
            cancellationToken.ThrowIfCancellationRequested();
            _options.CancellationToken.ThrowIfCancellationRequested();
            if (_host.IsCanceled())
            {
                throw new OperationCanceledException("Training was canceled by MLContext.CancelExecution.");
            }
        }

        IKernels kernels = KernelSelector.Best;
        int seed = _options.Seed ?? _host.Rand.Next();
        var reader = new TrainingSetReader(columns, kernels, CheckCanceled);
        TrainingSet set = _options.CacheRows ? reader.Read(input) : reader.Stream(input, ChooseBatchSize, _options.Shuffle ? seed : null);
        CheckRows(channel, set, "training");
        PackedRows? validationRows = null;
        if (validationData is not null)
        {
            var validationColumns = new TrainingColumns(_host, validationData.Schema, _options);
            columns.CheckMatches(validationColumns);
            TrainingSet validationSet = new TrainingSetReader(validationColumns, kernels, CheckCanceled).Read(validationData);
            CheckRows(channel, validationSet, "validation");
            validationRows = validationSet.Rows.Sample;
        }

        var shape = new NetworkShape(columns.InputCount, _options.HiddenUnits, columns.ClassCount, _options.Activation);
        NetworkParameters parameters = initialModel?.Network.Clone() ?? WeightInitializer.Create(shape, _options.WeightInitialization, seed);
        FeatureScale? scale = FeatureScale.For(set);
        if (scale is not null)
        {
            channel.Warning(MessageSensitivity.Schema, scale.Warning(columns.Features.Name));
            scale.ScaleRows(set.Rows);
            if (validationRows is not null)
            {
                scale.ScaleRows(validationRows);
            }

            if (initialModel is not null)
            {
                scale.BeforeTraining(parameters);
            }
        }

        TrainingPlan plan = Plan(set.Rows, seed);
        IReadOnlyList<TrainingEpoch> epochs = Train(channel, plan, kernels, parameters, set.Rows, validationRows, CheckCanceled);
        scale?.AfterTraining(parameters);
        var model = new TwoLayerNetworkModelParameters(parameters, labels?.Texts ?? default);
        var history = TrainingHistory.Create(epochs, "The epoch limit was reached.", set.Rows.RowCount, set.Skipped.Total, plan.BatchSize);
        return new TwoLayerNetworkTransformer(_host, model, columns.Features.Name, labels, history);
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

    private static void CheckRows(IChannel channel, TrainingSet set, string purpose)
    {
        if (set.Skipped.Total > 0)
        {
            channel.Warning(MessageSensitivity.None, $"{set.Skipped.Total} {purpose} rows were skipped: {set.Skipped}.");
        }

        if (set.Rows.RowCount == 0)
        {
            throw new InvalidOperationException(set.Skipped.Total == 0
                ? $"No valid {purpose} instances found: the data has no rows."
                : $"No valid {purpose} instances found: all {set.Skipped.Total} rows were skipped: {set.Skipped}.");
        }
    }

    private void CheckInitialModel(TwoLayerNetworkModelParameters? model, TrainingColumns columns)
    {
        if (model is null)
        {
            return;
        }

        if (model.InputCount != columns.InputCount || model.HiddenUnits != _options.HiddenUnits
            || model.ClassCount != columns.ClassCount || model.Activation != _options.Activation)
        {
            throw new ArgumentException(
                $"initialModel has {model.InputCount} inputs, {model.HiddenUnits} hidden units, {model.ClassCount} classes and {model.Activation}; "
                + $"this training has {columns.InputCount}, {_options.HiddenUnits}, {columns.ClassCount} and {_options.Activation}.",
                "initialModel");
        }
    }

    private IReadOnlyList<TrainingEpoch> Train(
        IChannel channel, TrainingPlan plan, IKernels kernels, NetworkParameters parameters, IRowSource rows, PackedRows? validationRows, Action checkCanceled)
    {
        channel.Info(MessageSensitivity.None, string.Create(
            CultureInfo.InvariantCulture,
            $"{parameters.Shape.InputCount}-{parameters.Shape.HiddenUnits}-{parameters.Shape.ClassCount} network, {rows.RowCount} {(rows.IsSparse ? "sparse" : "dense")} rows, "
            + $"{plan.NumberOfEpochs} epochs of batches of {plan.BatchSize}, {plan.NumberOfThreads} threads, {kernels.Tier}"));
        using IProgressChannel progress = _host.StartProgressChannel("Training");
        progress.SetHeader(new ProgressHeader(["loss", "accuracy"], ["epochs"]), entry => { });
        var loop = new TrainingLoop(plan, kernels, parameters, rows, validationRows)
        {
            BatchBegins = checkCanceled,
            EpochEnded = epoch =>
            {
                channel.Info(MessageSensitivity.None, Describe(epoch, plan.NumberOfEpochs));
                progress.Checkpoint(epoch.TrainLoss, epoch.TrainAccuracy, epoch.Epoch);
                _options.EpochCallback?.Invoke(epoch);
            },
        };
        return loop.Run();
    }

    private static string Describe(TrainingEpoch epoch, int epochs)
    {
        string validation = epoch.ValidationLoss is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", validation loss {epoch.ValidationLoss:F4}, accuracy {epoch.ValidationAccuracy:P2}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {epoch.Epoch}/{epochs}: loss {epoch.TrainLoss:F4}, accuracy {epoch.TrainAccuracy:P2}{validation}, {epoch.Elapsed.TotalSeconds:F2} s");
    }

    private int ChooseBatchSize(long rowCount) => _options.BatchSize switch
    {
        null => TrainingPlan.ChooseBatchSize(rowCount),
        0 => (int)rowCount,                                                        // OptionsCheck keeps this from streams
        int size => (int)Math.Min(size, rowCount),
    };

    private TrainingPlan Plan(IRowSource rows, int seed)
    {
        return new TrainingPlan
        {
            Optimizer = _options.Optimizer,
            NumberOfEpochs = _options.NumberOfEpochs ?? TrainingPlan.ChooseNumberOfEpochs(rows.RowCount),
            BatchSize = ChooseBatchSize(rows.RowCount),
            LearningRate = _options.LearningRate ?? TrainingPlan.ChooseLearningRate(_options.Optimizer, rows.Sample.MeanMagnitude()),
            LearningRateSchedule = _options.LearningRateSchedule ?? TrainingPlan.ChooseSchedule(_options.Optimizer),
            Momentum = _options.Momentum,
            Nesterov = _options.Nesterov,
            L2Regularization = _options.L2Regularization ?? TrainingPlan.ChooseL2Regularization(_options.Optimizer),
            Shuffle = _options.Shuffle,
            Seed = seed,
            NumberOfThreads = _options.NumberOfThreads ?? Environment.ProcessorCount,
        };
    }
}
