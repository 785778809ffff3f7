using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Runs epochs until the limit or until a reason to stop; keeps the history and the best epoch, and saves checkpoints.</summary>
internal sealed class TrainingLoop(ResolvedOptions plan, IKernels kernels, NetworkParameters parameters, IRowSource rows,
    PackedRows? validationRows)
{
    private readonly List<TrainingEpoch> _epochs = [];
    private readonly EarlyStopping _stopping = new(plan);

    /// <summary>The parameters of the best epoch; those of the last epoch while no epoch is the best.</summary>
    private NetworkParameters? _best;
    private bool _hasWarnedOfLoss;
    private IEpochTrainer? _trainer;

    /// <summary>
    /// Gets or sets the split of the rows into training and validation rows; null to train on all.
    /// </summary>
    public ValidationSplit? Split { get; set; }

    /// <summary>Gets or sets the variances of the targets; null where labels aren't numbers.</summary>
    public TargetVariances? Variances { get; set; }

    /// <summary>Gets the ranks of the training.</summary>
    public RankGroup Ranks { get; init; } = new(null);

    /// <summary>Gets the validation rows of this rank's shards; null without validation, or where the rows aren't divided.</summary>
    public IReadOnlyList<PackedRows>? ValidationShards { get; init; }

    /// <summary>Gets the action before each epoch of several ranks, instead of <see cref="BatchBegins"/>.</summary>
    public Action? EpochBegins { get; init; }

    /// <summary>Gets or sets the callback after each epoch.</summary>
    public Action<TrainingEpoch>? EpochEnded { get; set; }

    /// <summary>Gets or sets the callback that receives warnings as they arise.</summary>
    public Action<string>? Warned { get; set; }

    /// <summary>Gets or sets the callback before each slice of a batch; it stops training by throwing.</summary>
    public Action? BatchBegins { get; set; }

    /// <summary>Gets or sets the callback after each batch; it gets the number of rows.</summary>
    public Action<int>? BatchEnded { get; set; }

    /// <summary>Gets or sets the checkpoint that saves the state after epochs; null for none.</summary>
    public ICheckpoint? Checkpoint { get; set; }

    /// <summary>Gets the epochs so far.</summary>
    public IReadOnlyList<TrainingEpoch> Epochs => _epochs;

    /// <summary>Gets the number of the best epoch, from 1; 0 before the first.</summary>
    public int BestEpoch => _stopping.BestEpoch;

    /// <summary>Gets why training ended.</summary>
    public Stop Stop { get; private set; } = Stop.EpochLimit;

    /// <summary>Gets the warning of a training that ended early but still has a result; null for none.</summary>
    public string? Warning { get; private set; }

    /// <summary>Trains the parameters in place.</summary>
    public IReadOnlyList<TrainingEpoch> Run()
    {
        using var team = new WorkerTeam(plan.NumberOfThreads, plan.WorkerCounts);
        _trainer = CreateTrainer(team);
        Func<BatchResult>? validation = CreateValidation(team);
        _best = plan.RestoreBestEpoch || plan.KeepBestOnCancel ? parameters.Clone() : null;
        TimeSpan before = Ranks.Agree(() => Checkpoint?.Restore(this) ?? TimeSpan.Zero);
        if (BestEpoch == 0 && _best is not null)
        {
            parameters.All.CopyTo(_best.All);
        }

        _epochs.ForEach(WarnOfLoss);
        var clock = Stopwatch.StartNew();
        // A run that is resumed may have ended already.
        Stop? stop = _epochs.Count > 0 ? _stopping.GetStopReason(_epochs[^1]) ?? _trainer.Finished : null;
        while (stop is null && _epochs.Count < plan.NumberOfEpochs)
        {
            int epoch = _epochs.Count + 1;
            try
            {
                EpochBegins?.Invoke();
                EpochOutcome outcome = _trainer.Run(epoch);
                if (validation is not null || _best is not null || Checkpoint is not null || plan.EarlyStoppingPatience > 0
                    || epoch == plan.NumberOfEpochs)
                {
                    _trainer.Complete();
                }

                if (!_trainer.AreFinite())
                {
                    throw new TrainingDivergedException("a parameter", FirstNotFinite(), epoch,
                        plan.BatchesPerEpoch(Split?.Training.Length ?? rows.RowCount), outcome.LearningRate, plan);
                }

                BatchResult? held = validation?.Invoke();
                TrainingEpoch ended = Describe(epoch, outcome, held, before + clock.Elapsed);
                stop = End(ended) ?? _trainer.Finished;
            }
            catch (TrainingDivergedException e)
            {
                if (!plan.RestoreBestEpoch || _epochs.Count == 0)
                {
                    throw new InvalidOperationException(e.Message, e);
                }

                EndEarly(e.Message);
                stop = new Stop(StopReason.Diverged, $"Training diverged in epoch {epoch}.");
            }
            catch (OperationCanceledException) when (plan.KeepBestOnCancel && _epochs.Count > 0 && Ranks.HasOthers == Ranks.IsCanceled)
            {
                string why = $"Training was canceled in epoch {epoch}.";
                stop = new Stop(StopReason.Canceled, why);
                EndEarly(why);
            }

            if (Warning is null)
            {
                Checkpoint?.Save(this, clock.Elapsed + before, isLast: stop is not null || _epochs.Count == plan.NumberOfEpochs);
            }
        }

        Stop = stop ?? Stop;
        if (_best is not null && _epochs.Count > 0 && (plan.RestoreBestEpoch || Warning is not null))
        {
            _best.All.CopyTo(parameters.All);
        }

        return _epochs;
    }

    private IEpochTrainer CreateTrainer(WorkerTeam team)
    {
        PanelRanks? panels =
            plan.Distribution == DistributionMode.ModelParallel ? new PanelRanks(Ranks.Collective, parameters) : null;
        bool isLbfgs = plan.Optimizer == Optimizer.Lbfgs;
        return rows switch
        {
            ShardedRows shards when isLbfgs => new LbfgsEpochs(plan, kernels, parameters, shards, team, BatchBegins, Ranks),
            ShardedRows shards when plan.Distribution == DistributionMode.Averaging =>
                new AveragingEpochs(plan, kernels, parameters, shards, team, BatchBegins, Ranks) { BatchEnded = BatchEnded },
            ShardedRows shards => new DataParallelEpochs(plan, kernels, parameters, shards, team, BatchBegins, Ranks)
            {
                BatchEnded = BatchEnded,
            },
            _ when isLbfgs => new LbfgsEpochs(plan, kernels, parameters, rows.Sample, Split?.Training, team, BatchBegins, panels),
            _ => new MiniBatchEpochs(plan, kernels, parameters, rows, Split?.Training, team, BatchBegins, panels)
            {
                BatchEnded = BatchEnded,
            },
        };
    }

    private Func<BatchResult>? CreateValidation(WorkerTeam team)
    {
        OutputLoss loss = OutputLoss.ToMeasure(plan);
        if (ValidationShards is { } shards)
        {
            return new ShardedEvaluation(
                Ranks, [.. shards.Select(shard => new Evaluation(kernels, parameters, shard, team, null, loss))]).Run;
        }

        return Split is { } split ? new Evaluation(kernels, parameters, rows.Sample, team, split.Validation, loss).Run
            : validationRows is not null ? new Evaluation(kernels, parameters, validationRows, team, null, loss).Run
            : null;
    }

    /// <summary>Saves or restores the state on which the next epoch depends, and the history.</summary>
    public void Serialize(IStateSerializer state)
    {
        Serialize(state, "parameters", parameters);
        _trainer!.Serialize(state);
        _stopping.Serialize(state);
        if (_best is not null)
        {
            Serialize(state, "bestParameters", _best);
        }

        long count = _epochs.Count;
        state.Serialize("epochCount", ref count, int.MaxValue);
        if (BestEpoch > count)
        {
            throw new InvalidDataException($"bestEpoch is {BestEpoch}; it must be 0 to epochCount, {count}.");
        }

        for (int e = 0; e < count; e++)
        {
            TrainingEpoch epoch = TrainingEpochState.Serialize(state, e + 1, e < _epochs.Count ? _epochs[e] : null);
            if (e == _epochs.Count)
            {
                _epochs.Add(WithTotals(epoch));
            }
        }
    }

    private TrainingEpoch WithTotals(TrainingEpoch epoch) =>
        epoch with { TotalEpochs = plan.NumberOfEpochs, RowCount = Split?.Training.Length ?? rows.RowCount };

    // Checked, because a run that had already ended would return these parameters as its model.
    private static void Serialize(IStateSerializer state, string field, NetworkParameters values)
    {
        state.Serialize(field, values.All);
        if (!TensorPrimitives.IsFiniteAll<float>(values.All))
        {
            throw new InvalidDataException($"{field} contain a number that isn't finite.");
        }
    }

    private TrainingEpoch Describe(int epoch, EpochOutcome outcome, BatchResult? held, TimeSpan elapsed)
    {
        BatchResult rows = outcome.Rows;
        TrainingEpoch ended = WithTotals(new TrainingEpoch(
            epoch, rows.MeanLoss, Variances is null ? rows.Accuracy : double.NaN, held?.MeanLoss,
            Variances is null ? held?.Accuracy : null, outcome.LearningRate, elapsed));
        return Variances is not { } variances ? ended : ended with
        {
            TrainRSquared = RSquared(rows, variances.Training),
            TrainRootMeanSquaredError = rows.RootMeanSquaredError,
            ValidationRSquared = held is { } measured ? RSquared(measured, variances.Validation) : null,
            ValidationRootMeanSquaredError = held?.RootMeanSquaredError,
        };

        static double RSquared(BatchResult rows, double variance) =>
            variance > 0 ? 1 - rows.StandardizedError / rows.Weight / variance : double.NaN;
    }

    /// <returns>The reason to stop, or null.</returns>
    private Stop? End(TrainingEpoch epoch)
    {
        _epochs.Add(epoch);
        if ((_stopping.Update(epoch) || BestEpoch == 0) && _best is not null)
        {
            parameters.All.CopyTo(_best.All);
        }

        _trainer!.EpochEnded(epoch.ValidationLoss ?? epoch.TrainLoss);
        WarnOfLoss(epoch);
        EpochEnded?.Invoke(epoch);
        return _stopping.GetStopReason(epoch);
    }

    /// <summary>Warns of a validation loss that isn't finite, once.</summary>
    private void WarnOfLoss(TrainingEpoch epoch)
    {
        if (_hasWarnedOfLoss || epoch.ValidationLoss is not { } loss || double.IsFinite(loss))
        {
            return;
        }

        _hasWarnedOfLoss = true;
        Warned?.Invoke(Warning(loss, epoch.Epoch));

        static string Warning(double loss, int epoch) => string.Create(
            CultureInfo.InvariantCulture,
            $"The validation loss is {loss} in epoch {epoch}. No epoch without a finite loss is the best or counts for early stopping. "
            + $"Look for extreme feature values among the validation rows.");
    }

    /// <summary>Records that training ends early but still has a result.</summary>
    private void EndEarly(string why)
    {
        Warning = BestEpoch > 0
            ? $"{why} The parameters are those of epoch {BestEpoch}, the best until then."
            : $"{why} The parameters are those of epoch {_epochs.Count}, the last that ended; no epoch had a finite validation loss.";
        Warned?.Invoke(Warning);
    }

    private float FirstNotFinite()
    {
        int i = 0;
        while (i < parameters.Length && float.IsFinite(parameters.All[i]))
        {
            i++;
        }

        return i < parameters.Length ? parameters.All[i] : float.NaN;
    }
}

/// <summary>Saves the state of a training run between epochs.</summary>
internal interface ICheckpoint
{
    /// <summary>Restores the state of a run, if resuming is on and there is a saved state.</summary>
    /// <returns>The time that the earlier epochs took.</returns>
    TimeSpan Restore(TrainingLoop loop);

    /// <summary>Saves the state after an epoch, if it is due.</summary>
    /// <param name="elapsed">The time that all epochs took.</param>
    /// <param name="isLast">Whether no further epoch follows.</param>
    void Save(TrainingLoop loop, TimeSpan elapsed, bool isLast);
}
