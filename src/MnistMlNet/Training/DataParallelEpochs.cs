using System.Numerics.Tensors;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Optimizers;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Trains epochs in batches of which each shard has a part; the gradients of all shards are summed in every step.</summary>
/// <remarks>
/// Of a batch of B rows, each of S shards has <c>⌈B / S⌉</c>. Shards may have different numbers of rows; in the last steps of an epoch
/// those that have no more contribute nothing. The gradient is the sum over the rows of all shards divided by their number.
/// </remarks>
internal sealed class DataParallelEpochs : IEpochTrainer
{
    private readonly ResolvedOptions _plan;
    private readonly NetworkParameters _parameters;
    private readonly ShardedRows _rows;
    private readonly RankGroup _ranks;
    private readonly ParameterOptimizer _optimizer;
    private readonly ShardGradients _gradients;
    private readonly EpochBatches[] _batches;
    private readonly LearningRateScheduler _learningRates;
    private readonly int _shardBatch;
    private readonly long _steps;
    private long _step;

    public DataParallelEpochs(
        ResolvedOptions plan, IKernels kernels, NetworkParameters parameters, ShardedRows rows, WorkerTeam team, Action? sliceBegins,
        RankGroup ranks)
    {
        _plan = plan;
        _parameters = parameters;
        _rows = rows;
        _ranks = ranks;
        _shardBatch = (plan.BatchSize + plan.ShardCount - 1) / plan.ShardCount;
        rows.UseBatchesOf(_shardBatch);
        ResolvedOptions own = plan with { BatchSize = _shardBatch };
        _optimizer = ParameterOptimizer.Create(plan, kernels, parameters.Length);
        _gradients = new ShardGradients(own, kernels, parameters, rows, _optimizer, team, sliceBegins, ranks);
        _batches = [.. rows.Shards.Select((shard, k) => new EpochBatches(own.ForShard(rows.FirstShard + k), shard, null))];
        _steps = own.BatchesPerEpoch(rows.ShardRows.Max());
        _learningRates = new LearningRateScheduler(plan, _steps);
    }

    public Stop? Finished => null;

    /// <summary>Gets the callback after each step; it gets the number of rows of this rank.</summary>
    public Action<int>? BatchEnded { get; init; }

    public EpochOutcome Run(int epoch)
    {
        var sums = new BatchResult[_batches.Length];
        float learningRate = 0;
        ulong[] keys = [.. _batches.Select((_, k) => _plan.ForShard(_rows.FirstShard + k).RandomKey(epoch))];
        IEnumerator<TrainingBatch>[] batches = Array.ConvertAll(_batches, each => each.Of(epoch).GetEnumerator());
        try
        {
            foreach (BatchTrainer trainer in _gradients.Trainers)
            {
                trainer.Augmenter?.BeginEpoch(epoch);
            }

            for (long step = 0; step < _steps; step++)
            {
                learningRate = _learningRates.GetRate(_step++);
                for (int k = 0; k < batches.Length; k++)
                {
                    bool hasRows = batches[k].MoveNext();
                    if (hasRows)
                    {
                        _gradients.Trainers[k].Begin(batches[k].Current, keys[k]);
                    }

                    _gradients.Compute(k, hasRows ? batches[k].Current.Rows : default, RowsOf(step));
                    sums[k] = sums[k].Add(_gradients.Results[k]);
                }

                ReadOnlySpan<float> gradient = _gradients.Sum();
                _gradients.Trainers[0].Step(gradient, learningRate);
                BatchEnded?.Invoke((int)_gradients.Results.Sum(result => result.Rows));
            }
        }
        finally
        {
            foreach (IEnumerator<TrainingBatch> each in batches)
            {
                each.Dispose();
            }
        }

        return _ranks.Outcome(sums, learningRate, epoch, _steps, _plan);
    }

    public bool AreFinite() => TensorPrimitives.IsFiniteAll<float>(_parameters.All);

    public void EpochEnded(double loss) => _learningRates.EpochEnded(loss);

    public void Serialize(IStateSerializer state)
    {
        state.Serialize("step", ref _step);
        long steps = _optimizer.StepCount;
        state.Serialize("optimizerSteps", ref steps);
        _optimizer.StepCount = steps;
        foreach (AlignedArray block in _optimizer.State)
        {
            state.Serialize("optimizerState", block.Span);
        }

        _learningRates.Serialize(state);
    }

    /// <summary>The number of rows of all shards in one step of an epoch.</summary>
    private long RowsOf(long step) => _rows.ShardRows.Sum(rows => Math.Clamp(rows - step * _shardBatch, 0, _shardBatch));
}
