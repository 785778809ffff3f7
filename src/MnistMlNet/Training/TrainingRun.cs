using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
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
internal sealed partial class TrainingRun(IHost host, IChannel channel, TwoLayerNetworkOptions options, CancellationToken cancellationToken)
{
    private readonly TrainingChecks _checks = new(channel, options);
    private readonly IKernels _kernels = KernelSelector.Best;
    // Made absolute at the start, so that a change of the current folder during training doesn't move the checkpoint.
    private readonly string? _checkpointPath =
        options.CheckpointPath is { } path ? FileStatus.Absolute(path, nameof(options.CheckpointPath)) : null;

    private readonly RankGroup _ranks = new(options.Collective);
    private int _seed;
    private RegularizationSearchResult? _search;
    // Taken from the checkpoint, so that a resumed training doesn't search again.
    private RegularizationSearchResult? _savedSearch;

    /// <summary>Trains a network of new outputs.</summary>
    public TrainedNetwork Fit(IDataView input, IDataView? validationData, NetworkParameters? initial)
    {
        Begin(validationData, initial is not null);
        TrainingColumns columns = _ranks.Agree(() =>
        {
            var found = new TrainingColumns(host, input.Schema, options);
            FewClasses.Check(found, input, "training", isNew: true, CheckCanceled);
            _checks.CheckInitialModel(initial, "initialModel", found);
            _checks.CheckAugmentation("input", found);
            return found;
        });
        var known = new KnownNetwork(initial)
        {
            Labels = columns.Task == LearningTask.Multiclass ? ClassLabels.From(columns.Label) : null,
            OutputNames = SlotNames.Of(columns),
            IsVector = columns.IsVector,
        };
        return Fit(input, columns, known, validationData);
    }

    /// <summary>Continues with a network that has its outputs.</summary>
    public TrainedNetwork Continue(KnownNetwork known, IDataView moreData, IDataView? validationData)
    {
        Begin(validationData, isInitialized: true);
        NetworkShape shape = known.Network!.Shape;
        TrainingColumns columns = _ranks.Agree(() =>
        {
            var found = new TrainingColumns(host, moreData.Schema, options);
            FewClasses.Check(found, moreData, "training", isNew: false, CheckCanceled);
            known = known.ClassTexts is { } texts ? known with { Labels = found.LabelsOf(texts, nameof(moreData), "model") } : known;
            found.MapOutputs(nameof(moreData), "model", shape.InputCount, shape.OutputCount, known.Labels, known.OutputNames);
            _checks.CheckInitialModel(known.Network, "model", found);
            _checks.CheckAugmentation(nameof(moreData), found);
            return found;
        });
        return Fit(moreData, columns, known, validationData);
    }

    private TrainedNetwork Fit(IDataView input, TrainingColumns columns, KnownNetwork known, IDataView? validationData)
    {
        OutputLink link = TaskLink.Of(options.Task, options.RegressionLoss);
        var shape = new NetworkShape(columns.InputCount, options.HiddenUnits, columns.OutputCount, options.Activation, link);
        CheckCheckpoint(shape, isNew: known.Network is null, hasValidationRows: (validationData ?? options.ValidationSet) is not null);
        TrainingSet set = ReadTraining(input, columns);
        _checks.CheckRows(set, "training");
        _ranks.Agree(() => LargeFeatures.CheckRows(columns, set, options.StandardizeFeatures));
        ValidationRows validation = ReadValidation(validationData, columns, known);
        PackedRows? validationRows = validation.Rows;
        ValidationSplit? split = options.ValidationFraction > 0
            ? ValidationSplit.Stratified(set.Rows.Sample.Labels, columns.ClassCount, options.ValidationFraction, _seed)
            : null;
        TrainingChecks.CheckWeights(set.Rows.Sample, split);
        _checks.CheckThresholds(hasValidationRows: validation.Any || split is not null);
        IReadOnlyList<string>? classNames = options.Task == LearningTask.Binary ? [bool.FalseString, bool.TrueString] : known.Labels?.Texts;
        _checks.WarnOfOneClass(set, classNames);
        FeatureScaling? scaling = Scale(set, split, validation);
        TargetScaling? targetScaling = ScaleTargets(set, split, validation, out TargetVariances? variances);

        long rowCount = split?.Training.Length ?? set.Rows.RowCount;
        var meanMagnitude = new Lazy<double>(MeanMagnitude(set.Rows));
        var facts = new TrainingFacts(rowCount, columns.InputCount, () => meanMagnitude.Value, _seed);
        float[]? classWeights = ClassWeighting.Find(options, set, classNames);
        options = Choose(shape, isNew: known.Network is null, facts, chosen => _search = _savedSearch ?? _ranks.Agree(
            new RegularizationSearch(
                ResolvedOptions.Create(chosen, facts, classWeights), _kernels, shape, options.WeightInitialization, set.Rows.Sample)
            {
                Split = split,
                ValidationRows = validationRows,
                BatchBegins = CheckCanceled,
            }.Run));
        if (_search is not null)
        {
            channel.Info(MessageSensitivity.None, _search.Describe(facts.RowCount));
        }

        ResolvedOptions plan = ResolvedOptions.Create(options, facts, classWeights) with
        {
            Augmentation = scaling is null || options.Augmentation is null ? options.Augmentation
                : new ScaledAugmentation(options.Augmentation, scaling.Centers.ToArray(), scaling.Scales.ToArray()),
            TargetScales = targetScaling is null ? null : [.. targetScaling.Scales.Select(scale => (float)scale)],
        };
        LargeFeatures.CheckLearningRate(columns, options.LearningRate, plan.LearningRate);
        var need = new MemoryNeed(
            shape, plan, copiesDense: !set.Rows.IsSparse && plan.InputDropout > 0 || plan.Augmentation is not null);
        need.Check();
        try
        {
            var prepared = new PreparedRows(set, validation, split, scaling, targetScaling, variances);
            return Train(prepared, columns, known, shape, plan, facts);
        }
        catch (OutOfMemoryException e)
        {
            throw need.Exceeded(e);
        }
    }

    private TrainedNetwork Train(
        PreparedRows prepared, TrainingColumns columns, KnownNetwork known, NetworkShape shape, ResolvedOptions plan, TrainingFacts facts)
    {
        NetworkParameters parameters =
            known.Network?.Clone() ?? WeightInitializer.Create(shape, options.WeightInitialization, _seed);
        prepared.Begin(parameters, isNew: known.Network is null);
        IReadOnlyList<KeyValuePair<string, string>> optionTexts = OptionTable.Describe(options, facts);
        TrainingChecks.CheckTexts(optionTexts, known);
        TrainingSet set = prepared.Set;
        CheckSame(optionTexts, known, columns, shape, parameters, prepared);
        var loop = new TrainingLoop(plan, _kernels, parameters, set.Rows, prepared.Validation.Rows)
        {
            Ranks = _ranks,
            ValidationShards = prepared.Validation.Shards,
            Split = prepared.Split,
            Variances = prepared.Variances,
            BatchBegins = _ranks.HasOthers ? null : CheckCanceled,
            EpochBegins = _ranks.HasOthers ? () => _ranks.Agree(CheckCanceled) : null,
            BatchEnded = Telemetry.BatchEnded,
            Checkpoint = _checkpointPath is { } path
                ? new CheckpointFile(
                    path, options,
                    [
                        .. CheckpointIdentity.WithoutRows(optionTexts, options.Task, shape, prepared.Validation.Any, _kernels),
                        .. CheckpointIdentity.OfRows(
                            set, facts.RowCount, prepared.Validation.Hashes(), plan.ClassWeights, parameters),
                    ],
                    channel, _ranks)
                {
                    RegularizationSearch = _search,
                }
                : null,
        };
        Train(loop, plan, shape, set.Rows, facts.RowCount);
        ImmutableArray<float> thresholds = options is TwoLayerNetworkMultilabelTrainer.Options { ChooseThresholds: true }
            ? ThresholdSearch.Run(new Predictor(_kernels, parameters), prepared)
            : default;
        prepared.End(parameters);
        var history = new TrainingHistory(
            loop.Epochs, loop.BestEpoch, loop.Stop, facts.RowCount, set.Skipped.Total, plan.BatchSize, optionTexts, _search);
        return new TrainedNetwork(parameters, columns.Features.Name, history)
        {
            Labels = known.Labels,
            OutputNames = known.OutputNames,
            IsVector = known.IsVector,
            Thresholds = thresholds,
        };
    }

    private void Train(TrainingLoop loop, ResolvedOptions plan, NetworkShape shape, IRowSource rows, long rowCount)
    {
        channel.Info(MessageSensitivity.None, string.Create(
            CultureInfo.InvariantCulture,
            $"{shape.InputCount}-{shape.HiddenUnits}-{shape.OutputCount} network, {rowCount} {(rows.IsSparse ? "sparse" : "dense")} rows, "
            + $"{plan.NumberOfEpochs} epochs of batches of {plan.BatchSize}, {plan.NumberOfThreads} threads, {_kernels.Tier}"));
        using IProgressChannel progress = host.StartProgressChannel("Training");
        bool isRegression = options.Task == LearningTask.Regression;
        progress.SetHeader(new ProgressHeader(["loss", isRegression ? "RMSE" : "accuracy"], ["epochs"]), entry => { });
        using Activity? activity = Telemetry.StartFit(shape, plan, rowCount);
        loop.Warned = warning => channel.Warning(MessageSensitivity.None, warning);
        loop.EpochEnded = epoch =>
        {
            channel.Info(MessageSensitivity.None, Describe(epoch, plan.NumberOfEpochs));
            progress.Checkpoint(epoch.TrainLoss, epoch.TrainRootMeanSquaredError ?? epoch.TrainAccuracy, epoch.Epoch);
            Telemetry.EpochEnded(activity, epoch, epoch.Elapsed - (loop.Epochs.Count > 1 ? loop.Epochs[^2].Elapsed : TimeSpan.Zero));
            options.EpochCallback?.Invoke(epoch);
        };
        try
        {
            _ranks.OrAbort(loop.Run);
        }
        finally
        {
            ConsoleProgress.End(options.EpochCallback);
        }

        activity?.SetTag("mnistmlnet.stop_reason", loop.Stop.Reason.ToString());
    }

    private static string Describe(TrainingEpoch epoch, int epochs) => string.Create(
        CultureInfo.InvariantCulture, $"Epoch {epoch.Epoch}/{epochs}: {epoch.Measures}, {epoch.Elapsed.TotalSeconds:F2} s");

    private void CheckCanceled()
    {
        cancellationToken.ThrowIfCancellationRequested();
        options.CancellationToken.ThrowIfCancellationRequested();
        if (host.IsCanceled())
        {
            throw new OperationCanceledException("Training was canceled by the MLContext.");
        }
    }
}
