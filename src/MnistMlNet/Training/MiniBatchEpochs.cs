using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Optimizers;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Trains epochs in batches; each epoch has its own random order of the rows.</summary>
internal sealed class MiniBatchEpochs : IEpochTrainer
{
    private readonly ResolvedOptions _plan;
    private readonly NetworkParameters _parameters;
    private readonly IRowSource _rows;
    private readonly ParameterOptimizer _optimizer;
    private readonly EpochBatches _batches;
    private readonly BatchTrainer _trainer;
    private readonly LearningRateScheduler _learningRates;
    private readonly PanelRanks? _ranks;
    private readonly long? _stepsOfEpoch;
    private long _step;

    /// <param name="places">The indices of the rows to train on, for <paramref name="rows"/> that are all in memory; null for all.</param>
    /// <param name="sliceBegins">Called before each slice; it stops training by throwing.</param>
    /// <param name="ranks">The ranks among which the hidden units are divided; null for none.</param>
    /// <param name="stepsOfEpoch">The number of steps of an epoch on the largest shard, from which all shards count; null for that of
    /// <paramref name="rows"/>.</param>
    public MiniBatchEpochs(
        ResolvedOptions plan, IKernels kernels, NetworkParameters parameters, IRowSource rows, int[]? places, WorkerTeam team,
        Action? sliceBegins, PanelRanks? ranks = null, long? stepsOfEpoch = null)
    {
        _stepsOfEpoch = stepsOfEpoch;
        _plan = plan;
        _parameters = parameters;
        _rows = rows;
        _ranks = ranks;
        // Shards exchange all parameters, in each round of an epoch.
        bool leavesIdle = stepsOfEpoch is null && BatchTrainer.LeavesIdle(plan, rows.Sample);
        _optimizer = ParameterOptimizer.Create(plan, kernels, parameters.Length, leavesIdle);
        _batches = new EpochBatches(plan, rows, places);
        _trainer = new BatchTrainer(plan, kernels, parameters, rows.Sample, _optimizer, team, ranks)
        {
            SliceBegins = sliceBegins,
            Augmenter = BatchAugmenter.For(plan, kernels, rows.Sample, team),
        };
        _learningRates = new LearningRateScheduler(plan, stepsOfEpoch ?? plan.BatchesPerEpoch(places?.Length ?? rows.RowCount));
    }

    /// <summary>Gets the callback after each batch; it gets the number of rows.</summary>
    public Action<int>? BatchEnded { get; init; }

    public Stop? Finished => null;

    /// <summary>Gets the blocks of the optimizer's state.</summary>
    public IReadOnlyList<AlignedArray> OptimizerState => _optimizer.State;

    /// <summary>Gets the learning rate of the last step.</summary>
    public float LearningRate { get; private set; }

    public EpochOutcome Run(int epoch)
    {
        var sums = default(BatchResult);
        int batch = 0;
        foreach (BatchResult result in Steps(epoch))
        {
            batch++;
            if (!double.IsFinite(result.Loss))
            {
                throw new TrainingDivergedException("the loss", result.Loss, epoch, batch, LearningRate, _plan);
            }

            sums = sums.Add(result);
        }

        _trainer.EndEpoch();
        if (_ranks is not null)
        {
            _trainer.Complete();
            _ranks.Gather(_parameters.All);
        }

        return batch > 0
            ? new EpochOutcome(sums, LearningRate)
            : throw new InvalidOperationException($"The data had {_rows.RowCount} valid rows when they were counted, but none in epoch "
                + $"{epoch}.");
    }

    /// <summary>The learning rate of an epoch's last step on the largest shard, the same for all shards.</summary>
    public float GetLastRate(int epoch) => _learningRates.GetRate(epoch * _stepsOfEpoch!.Value - 1);

    /// <summary>Trains an epoch step by step.</summary>
    public IEnumerable<BatchResult> Steps(int epoch)
    {
        if (_stepsOfEpoch is { } steps)
        {
            _step = _optimizer.StepCount = (epoch - 1) * steps;
        }

        _trainer.Augmenter?.BeginEpoch(epoch);
        foreach (TrainingBatch batch in _batches.Of(epoch))
        {
            _trainer.Begin(batch, _plan.RandomKey(epoch));
            LearningRate = _learningRates.GetRate(_step++);
            BatchResult result = _trainer.Step(batch.Rows, LearningRate, batch.Upcoming);
            BatchEnded?.Invoke(batch.Rows.Length);
            yield return result;
        }
    }

    public bool AreFinite() => _trainer.AreFinite();

    public void Complete() => _trainer.Complete();

    public void EpochEnded(double loss) => _learningRates.EpochEnded(loss);

    public void Serialize(IStateSerializer state)
    {
        state.Serialize("step", ref _step);
        long steps = _optimizer.StepCount;
        state.Serialize("optimizerSteps", ref steps);
        _optimizer.StepCount = steps;
        foreach (AlignedArray block in _optimizer.State)
        {
            _ranks?.Gather(block.Span);
            state.Serialize("optimizerState", block.Span);
        }

        _learningRates.Serialize(state);
        ParametersChanged();                                                       // they may have been restored
    }

    /// <summary>Takes over parameters that other code has changed.</summary>
    public void ParametersChanged() => _trainer.ParametersChanged();
}
