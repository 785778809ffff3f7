using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Augmentations;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Extensibility;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>One call of <c>Fit</c>, from data views to a transformer.</summary>
internal sealed class TrainingRun(IHost host, IChannel channel, TwoLayerNetworkTrainer.Options options, CancellationToken cancellationToken)
{
    private readonly IKernels _kernels = KernelSelector.Best;
    // Absolute from the beginning: whoever changes the current folder while training goes on must not move the checkpoint.
    private readonly string? _checkpointPath =
        options.CheckpointPath is { } path ? FileStatus.Absolute(path, nameof(options.CheckpointPath)) : null;

    private readonly int _seed = options.Seed ?? host.Rand.Next();

    /// <summary>Trains a network of new classes.</summary>
    public TwoLayerNetworkTransformer Fit(IDataView input, IDataView? validationData, TwoLayerNetworkModelParameters? initialModel)
    {
        var columns = new TrainingColumns(host, input.Schema, options);
        CheckInitialModel(initialModel, columns);
        CheckAugmentation("input", columns);
        return Fit(input, columns, ClassLabels.From(columns.Label), validationData, initialModel);
    }

    /// <summary>Goes on with a network that has its classes.</summary>
    public TwoLayerNetworkTransformer Continue(TwoLayerNetworkTransformer model, IDataView moreData, IDataView? validationData)
    {
        var columns = new TrainingColumns(host, moreData.Schema, options);
        columns.MapClasses(nameof(moreData), nameof(model), model.Model.InputCount, model.Model.ClassCount, model.Labels?.Texts);
        CheckInitialModel(model.Model, columns);
        CheckAugmentation(nameof(moreData), columns);
        return Fit(moreData, columns, model.Labels, validationData, model.Model);
    }

    private TwoLayerNetworkTransformer Fit(
        IDataView input, TrainingColumns columns, ClassLabels? labels, IDataView? validationData,
        TwoLayerNetworkModelParameters? initialModel)
    {
        var shape = new NetworkShape(columns.InputCount, options.HiddenUnits, columns.ClassCount, options.Activation);
        var reader = new TrainingSetReader(columns, _kernels, CheckCanceled);
        TrainingSet set = options.CacheRows ? reader.Read(input) : reader.Stream(
            input, ChooseBatchSize, options.Shuffle ? _seed : null, hashRows: options.CheckpointPath is not null,
            takeStatistics: options.StandardizeFeatures);
        CheckRows(set, "training");
        LargeFeatures.CheckRows(columns, set, options.StandardizeFeatures);
        PackedRows? validationRows = ReadValidation(validationData, columns, labels);
        ValidationSplit? split = options.ValidationFraction > 0
            ? ValidationSplit.Stratified(set.Rows.Sample.Labels, columns.ClassCount, options.ValidationFraction, _seed)
            : null;
        CheckWeights(set.Rows.Sample, split);
        FeatureScaling? scaling = Scale(set, split, validationRows);

        long rowCount = split?.Training.Length ?? set.Rows.RowCount;
        var facts = new TrainingFacts(rowCount, columns.InputCount, set.Rows.Sample.MeanMagnitude, _seed);
        float[]? classWeights = ClassWeighting.Find(options, set, labels?.Texts);
        options = Choose(set, split, validationRows, shape, initialModel, facts, classWeights);
        ResolvedOptions plan = ResolvedOptions.Create(options, facts, classWeights) with
        {
            Augmentation = scaling is null || options.Augmentation is null ? options.Augmentation
                : new ScaledAugmentation(options.Augmentation, scaling.Centers.ToArray(), scaling.Scales.ToArray()),
        };
        LargeFeatures.CheckLearningRate(columns, options.LearningRate, plan.LearningRate);
        var need = new MemoryNeed(shape, plan, isDense: !set.Rows.IsSparse || plan.Augmentation is not null);
        need.Check();
        try
        {
            return Train(set, columns, labels, validationRows, shape, initialModel, scaling, split, plan, facts);
        }
        catch (OutOfMemoryException e)
        {
            throw need.Exceeded(e);
        }
    }

    private TwoLayerNetworkTransformer Train(
        TrainingSet set, TrainingColumns columns, ClassLabels? labels, PackedRows? validationRows, NetworkShape shape,
        TwoLayerNetworkModelParameters? initialModel, FeatureScaling? scaling, ValidationSplit? split, ResolvedOptions plan,
        TrainingFacts facts)
    {
        NetworkParameters parameters =
            initialModel?.Network.Clone() ?? WeightInitializer.Create(shape, options.WeightInitialization, _seed);
        if (scaling is not null)
        {
            BeginScaled(parameters, scaling, isNew: initialModel is null);
        }

        IReadOnlyList<KeyValuePair<string, string>> optionTexts = OptionTable.Describe(options, facts);
        CheckTexts(optionTexts, labels);
        long rowCount = facts.RowCount;
        var loop = new TrainingLoop(plan, _kernels, parameters, set.Rows, validationRows)
        {
            Split = split,
            BatchBegins = CheckCanceled,
            BatchEnded = Telemetry.BatchEnded,
            Checkpoint = _checkpointPath is { } path
                ? new CheckpointFile(path, options, CheckpointFile.Identify(optionTexts, plan, _kernels, parameters, set, validationRows),
                    channel)
                : null,
        };
        Train(loop, plan, shape, set.Rows, rowCount);
        if (scaling is not null)
        {
            parameters.ChangeInputs(scaling.Factors, [.. scaling.Centers.ToArray().Select(center => -center)], offsetsByNew: true);
        }

        var history = new TrainingHistory(
            loop.Epochs, loop.BestEpoch, loop.Stop, rowCount, set.Skipped.Total, plan.BatchSize, optionTexts);
        return new TwoLayerNetworkTransformer(
            host, new TwoLayerNetworkModelParameters(parameters, labels?.Texts ?? default), columns.Features.Name, labels, history);
    }

    private PackedRows? ReadValidation(IDataView? data, TrainingColumns columns, ClassLabels? labels)
    {
        if (data is not null && (options.ValidationSet is not null || options.ValidationFraction > 0))
        {
            throw new ArgumentException(
                $"validationData is given and {(options.ValidationSet is null ? "ValidationFraction" : "ValidationSet")} is set; one of "
                    + $"them is wanted.", "validationData");
        }

        data ??= options.ValidationSet;
        if (data is null)
        {
            return null;
        }

        string name = options.ValidationSet is null ? "validationData" : nameof(options.ValidationSet);
        var validationColumns = new TrainingColumns(host, data.Schema, options);
        validationColumns.MapClasses(name, "the training data", columns.InputCount, columns.ClassCount, labels?.Texts);
        TrainingSet set = new TrainingSetReader(validationColumns, _kernels, CheckCanceled).Read(data);
        CheckRows(set, "validation");
        return set.Rows.Sample;
    }

    private FeatureScaling? Scale(TrainingSet set, ValidationSplit? split, PackedRows? validationRows)
    {
        if (!options.StandardizeFeatures)
        {
            return null;
        }

        PackedRows sample = set.Rows.Sample;
        int[]? places = split?.Training;
        FeatureStatistics statistics = set.Statistics ?? FeatureStatistics.Of(sample, places);
        if (FeatureScaling.Create(statistics, sample, options.Augmentation, places) is not { } scaling)
        {
            return null;
        }

        channel.Info(MessageSensitivity.None, scaling.Describe());
        set.Rows.Scale(scaling);
        validationRows?.Scale(scaling);
        return scaling;
    }

    /// <summary>Chooses optimizer, λ and iterations where they are open and the table isn't too large for it.</summary>
    private TwoLayerNetworkTrainer.Options Choose(
        TrainingSet set, ValidationSplit? split, PackedRows? validationRows, NetworkShape shape,
        TwoLayerNetworkModelParameters? initialModel, TrainingFacts facts, float[]? classWeights)
    {
        TwoLayerNetworkTrainer.Options chosen = options.Clone();
        long weights = shape.HiddenUnits * ((long)shape.InputCount + shape.ClassCount);
        bool isSearched = options.CacheRows && initialModel is null && DefaultRules.IsSearched(facts.RowCount, weights);
        if (chosen.Optimizer is null)
        {
            bool isFree = options.NumberOfEpochs is null && options.L2Regularization is null && OptionTable.AcceptsLbfgs(options);
            chosen.Optimizer = isSearched && isFree ? Optimizer.Lbfgs : Optimizer.Adam;
        }

        if (chosen.Optimizer == Optimizer.Lbfgs && chosen.L2Regularization is null && isSearched)
        {
            ResolvedOptions plan = ResolvedOptions.Create(chosen, facts, classWeights);
            var search = new RegularizationSearch(plan, _kernels, shape, options.WeightInitialization, set.Rows.Sample)
            {
                Split = split,
                ValidationRows = validationRows,
                BatchBegins = CheckCanceled,
            };
            chosen.L2Regularization = search.Run();
            chosen.NumberOfEpochs ??= DefaultRules.IterationsAfterSearch(facts.RowCount, weights);
            channel.Info(MessageSensitivity.None, search.Describe());
        }

        return chosen;
    }

    private static void BeginScaled(NetworkParameters parameters, FeatureScaling scaling, bool isNew)
    {
        if (!isNew)
        {
            parameters.ChangeInputs(scaling.Scales, scaling.Centers, offsetsByNew: false);
            return;
        }

        for (int i = 0; i < scaling.IsConstant.Length; i++)
        {
            if (scaling.IsConstant[i])
            {
                // Training doesn't move these weights. Times a constant of 1e30, what they were made of would be all that is left of a sum.
                parameters.ClearInput(i);
            }
        }
    }

    private void Train(TrainingLoop loop, ResolvedOptions plan, NetworkShape shape, IRowSource rows, long rowCount)
    {
        channel.Info(MessageSensitivity.None, string.Create(
            CultureInfo.InvariantCulture,
            $"{shape.InputCount}-{shape.HiddenUnits}-{shape.ClassCount} network, {rowCount} {(rows.IsSparse ? "sparse" : "dense")} rows, "
            + $"{plan.NumberOfEpochs} epochs of batches of {plan.BatchSize}, {plan.NumberOfThreads} threads, {_kernels.Tier}"));
        using IProgressChannel progress = host.StartProgressChannel("Training");
        progress.SetHeader(new ProgressHeader(["loss", "accuracy"], ["epochs"]), entry => { });
        using Activity? activity = Telemetry.StartFit(shape, plan, rowCount);
        loop.Warned = warning => channel.Warning(MessageSensitivity.None, warning);
        loop.EpochEnded = epoch =>
        {
            channel.Info(MessageSensitivity.None, Describe(epoch, plan.NumberOfEpochs));
            progress.Checkpoint(epoch.TrainLoss, epoch.TrainAccuracy, epoch.Epoch);
            Telemetry.EpochEnded(activity, epoch, epoch.Elapsed - (loop.Epochs.Count > 1 ? loop.Epochs[^2].Elapsed : TimeSpan.Zero));
            options.EpochCallback?.Invoke(epoch);
        };
        loop.Run();
        activity?.SetTag("mnistmlnet.stop_reason", loop.Stop.Reason.ToString());
    }

    private static string Describe(TrainingEpoch epoch, int epochs)
    {
        string validation = epoch.ValidationLoss is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture,
                $", validation loss {epoch.ValidationLoss:F4}, accuracy {epoch.ValidationAccuracy:P2}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {epoch.Epoch}/{epochs}: loss {epoch.TrainLoss:F4}, accuracy {epoch.TrainAccuracy:P2}{validation}, "
                + $"{epoch.Elapsed.TotalSeconds:F2} s");
    }

    private void CheckCanceled()
    {
        cancellationToken.ThrowIfCancellationRequested();
        options.CancellationToken.ThrowIfCancellationRequested();
        if (host.IsCanceled())
        {
            throw new OperationCanceledException("Training was canceled by the MLContext.");
        }
    }

    private void CheckRows(TrainingSet set, string purpose)
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

    /// <summary>Refuses a split of which one part has no weight: its mean loss would be 0 / 0.</summary>
    private static void CheckWeights(PackedRows rows, ValidationSplit? split)
    {
        if (rows.Weights is not { } weights || split is null)
        {
            return;
        }

        foreach ((int[] places, string purpose) in new[] { (split.Training, "training"), (split.Validation, "held-back") })
        {
            if (places.All(row => weights[row] == 0))
            {
                throw new InvalidOperationException(
                    $"The weights of all {places.Length} {purpose} rows round to 0 beside the mean weight of all rows, so no loss can be "
                        + $"measured by them. "
                    + "Bring the weights nearer to each other, or give the rows for validation as Options.ValidationSet.");
            }
        }
    }

    /// <summary>Refuses texts that the model or a checkpoint couldn't hold: better now than after hours of training.</summary>
    private static void CheckTexts(IReadOnlyList<KeyValuePair<string, string>> optionTexts, ClassLabels? labels)
    {
        foreach ((string name, string value) in optionTexts)
        {
            SavedText.Check(name, "The name of an option");
            SavedText.Check(value, $"The text of Options.{name}");
        }

        foreach (string text in labels?.ItemType is TextDataViewType ? labels.Texts : [])
        {
            SavedText.Check(text, "The name of a class");
        }
    }

    private void CheckInitialModel(TwoLayerNetworkModelParameters? model, TrainingColumns columns)
    {
        if (model is null)
        {
            return;
        }

        if (model.InputCount != columns.InputCount || model.HiddenUnits != options.HiddenUnits
            || model.ClassCount != columns.ClassCount || model.Activation != options.Activation)
        {
            throw new ArgumentException(
                $"initialModel has {model.InputCount} inputs, {model.HiddenUnits} hidden units, {model.ClassCount} classes and "
                    + $"{model.Activation}; "
                + $"this training has {columns.InputCount}, {options.HiddenUnits}, {columns.ClassCount} and {options.Activation}.",
                "initialModel");
        }
    }

    private void CheckAugmentation(string argument, TrainingColumns columns)
    {
        try
        {
            options.Augmentation?.CheckInputCount(columns.InputCount);
            _ = options.Augmentation is null ? 0 : AugmentationCall.ScratchLength(options.Augmentation, columns.InputCount);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException(
                $"Options.Augmentation doesn't fit the feature column '{Shown.Text(columns.Features.Name)}' of {columns.InputCount} "
                    + $"features: "
                    + $"{e.Message}", argument, e);
        }
    }

    private int ChooseBatchSize(long rowCount) => ResolvedOptions.ChooseBatchSize(options, rowCount);
}
