using System.Numerics.Tensors;
using System.Security.Cryptography;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Trains a network for each shard, and replaces all of them by their average every few steps, with block momentum.</summary>
/// <remarks>
/// <para>With the average Ḡ of the shards' parameters, the parameters W before and their last change Δ: <c>W' = Ḡ</c>, and the change
/// becomes <c>Δ' = W' - W</c>; the shards continue from <c>W' + μ Δ'</c>, as with Nesterov momentum (Chen and Huo 2016,
/// doi:10.1109/ICASSP.2016.7472805). The optimizer's moments are averaged, too, so that the state between two rounds is the same for all
/// shards and a checkpoint needs it once.</para>
/// <para>Averages are sums over all shards in their order, divided by their number; so the bits depend on the number of shards only.</para>
/// </remarks>
internal sealed class AveragingEpochs : IEpochTrainer
{
    private readonly NetworkParameters _parameters;
    private readonly RankGroup _ranks;
    private readonly NetworkParameters[] _networks;
    private readonly MiniBatchEpochs[] _trainers;
    private readonly AlignedArray _blocks;
    private readonly AlignedArray _mean;
    private readonly AlignedArray _change;
    private readonly float _momentum;
    private readonly ResolvedOptions _plan;
    private readonly int _shardCount;
    private readonly long _steps;
    private readonly long _rounds;
    private readonly long _stepsOfRound;

    public AveragingEpochs(
        ResolvedOptions plan, IKernels kernels, NetworkParameters parameters, ShardedRows rows, WorkerTeam team, Action? sliceBegins,
        RankGroup ranks)
    {
        _parameters = parameters;
        _ranks = ranks;
        _shardCount = plan.ShardCount;
        _momentum = plan.BlockMomentum;
        rows.UseBatchesOf(plan.BatchSize);
        long steps = plan.BatchesPerEpoch(rows.ShardRows.Max());
        _networks = [.. rows.Shards.Select(_ => parameters.Clone())];
        _trainers = [.. rows.Shards.Select((shard, k) =>
            new MiniBatchEpochs(
                plan.ForShard(rows.FirstShard + k), kernels, _networks[k], shard, null, team, sliceBegins, stepsOfEpoch: steps)
            {
                BatchEnded = count => BatchEnded?.Invoke(count),
            })];
        _plan = plan;
        _steps = steps;
        _stepsOfRound = plan.AveragingSteps > 0
            ? plan.AveragingSteps
            : (steps + DefaultRules.RoundsOfEpoch - 1) / DefaultRules.RoundsOfEpoch;
        _rounds = (steps + _stepsOfRound - 1) / _stepsOfRound;
        int length = parameters.Length * (1 + _trainers[0].OptimizerState.Count);
        _blocks = new AlignedArray(checked(_trainers.Length * length));
        _mean = new AlignedArray(length);
        _change = new AlignedArray(parameters.Length);
    }

    public Stop? Finished => null;

    /// <summary>Gets the callback after each batch of this rank; it gets the number of rows.</summary>
    public Action<int>? BatchEnded { get; init; }

    public EpochOutcome Run(int epoch)
    {
        var sums = new BatchResult[_trainers.Length];
        IEnumerator<BatchResult>[] steps = Array.ConvertAll(_trainers, trainer => trainer.Steps(epoch).GetEnumerator());
        try
        {
            for (long round = 0; round < _rounds; round++)
            {
                for (int k = 0; k < steps.Length; k++)
                {
                    for (long step = 0; step < _stepsOfRound && steps[k].MoveNext(); step++)
                    {
                        sums[k] = sums[k].Add(steps[k].Current);
                    }
                }

                Average();
            }
        }
        finally
        {
            foreach (IEnumerator<BatchResult> each in steps)
            {
                each.Dispose();
            }
        }

        return _ranks.Outcome(sums, _trainers[0].GetLastRate(epoch), epoch, _steps, _plan);
    }

    public bool AreFinite() => TensorPrimitives.IsFiniteAll<float>(_parameters.All);

    public void EpochEnded(double loss)
    {
        foreach (MiniBatchEpochs trainer in _trainers)
        {
            trainer.EpochEnded(loss);
        }
    }

    public void Serialize(IStateSerializer state)
    {
        state.Serialize("blockChange", _change.Span);
        _trainers[0].Serialize(state);
        if (_trainers.Length > 1)
        {
            using var copy = new MemoryStream();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _trainers[0].Serialize(new StateWriter(new PayloadWriter(copy, hash)));
            foreach (MiniBatchEpochs trainer in _trainers.Skip(1))
            {
                copy.Position = 0;
                trainer.Serialize(new StateReader(new PayloadReader(copy, hash)));
            }
        }

        Continue();
    }

    private void Average()
    {
        int length = _mean.Length, parameters = _parameters.Length;
        for (int k = 0; k < _trainers.Length; k++)
        {
            Span<float> block = _blocks.Slice(k * length, length);
            _networks[k].All.CopyTo(block);
            for (int s = 0; s < _trainers[k].OptimizerState.Count; s++)
            {
                _trainers[k].OptimizerState[s].Span.CopyTo(block.Slice((s + 1) * parameters, parameters));
            }
        }

        Span<float> mean = _mean.Span;
        _ranks.Collective.Sum(_blocks.Span, mean);
        TensorPrimitives.Divide(mean, _shardCount, mean);
        Span<float> average = mean[..parameters];
        _parameters.Padding.CopyTo(average[^_parameters.Padding.Length..]);        // their sum has overflowed
        TensorPrimitives.Subtract(average, _parameters.All, _change.Span);
        average.CopyTo(_parameters.All);
        foreach (MiniBatchEpochs trainer in _trainers)
        {
            for (int s = 0; s < trainer.OptimizerState.Count; s++)
            {
                mean.Slice((s + 1) * parameters, parameters).CopyTo(trainer.OptimizerState[s].Span);
            }
        }

        Continue();
    }

    /// <summary>Sets all shards' parameters to those from which the next round starts.</summary>
    private void Continue()
    {
        for (int k = 0; k < _trainers.Length; k++)
        {
            TensorPrimitives.MultiplyAdd(_change.Span, _momentum, _parameters.All, _networks[k].All);
            _trainers[k].ParametersChanged();
        }
    }
}
