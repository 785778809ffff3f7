using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Optimizers;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Gradients of this rank's shards, and their sum over the shards of all ranks, in the order of the shards.</summary>
internal sealed class ShardGradients
{
    private readonly RankGroup _ranks;
    private readonly AlignedArray _gradients;
    private readonly AlignedArray _sum;
    private readonly int _length;

    /// <param name="plan">Its batch size is that of a shard.</param>
    /// <param name="optimizer">Updates the parameters; null where only gradients are computed.</param>
    /// <param name="sliceBegins">Called before each slice of rows; it stops training by throwing.</param>
    public ShardGradients(
        ResolvedOptions plan, IKernels kernels, NetworkParameters parameters, ShardedRows rows, ParameterOptimizer? optimizer,
        WorkerTeam team, Action? sliceBegins, RankGroup ranks)
    {
        _ranks = ranks;
        _length = parameters.Length;
        Trainers = [.. rows.Shards.Select((shard, k) =>
        {
            ResolvedOptions own = plan.ForShard(rows.FirstShard + k);
            return new BatchTrainer(own, kernels, parameters, shard.Sample, optimizer, team, accumulates: true)
            {
                SliceBegins = sliceBegins,
                Augmenter = BatchAugmenter.For(own, kernels, shard.Sample, team),
            };
        })];
        _gradients = new AlignedArray(checked(Trainers.Count * _length));
        _sum = new AlignedArray(_length);
        Results = new BatchResult[Trainers.Count];
    }

    /// <summary>Gets the trainers of this rank's shards.</summary>
    public IReadOnlyList<BatchTrainer> Trainers { get; }

    /// <summary>Gets the results of the last gradients of this rank's shards.</summary>
    public BatchResult[] Results { get; }

    /// <summary>Computes the gradient of one of this rank's shards.</summary>
    /// <param name="shard">The index of the shard among those of this rank.</param>
    /// <param name="rows">The shard's rows of the batch.</param>
    /// <param name="batchRows">The number of rows of all shards in the batch.</param>
    public void Compute(int shard, ReadOnlyMemory<int> rows, long batchRows) =>
        Results[shard] = Trainers[shard].Accumulate(rows, batchRows, _gradients.Slice(shard * _length, _length));

    /// <summary>Adds the gradients of all shards of all ranks; each rank calls it after it has computed those of its own.</summary>
    /// <returns>The sum, which the next call overwrites.</returns>
    public ReadOnlySpan<float> Sum()
    {
        _ranks.Collective.Sum(_gradients.Span, _sum.Span);
        return _sum.Span;
    }
}
