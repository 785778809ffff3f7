namespace MnistMlNet.Data;

/// <summary>The rows of all shards of all ranks, of which this rank has some shards.</summary>
/// <param name="shards">The rows of this rank's shards, in their order.</param>
/// <param name="firstShard">The number of the first of them among all shards.</param>
/// <param name="shardRows">The number of rows of every shard of all ranks.</param>
internal sealed class ShardedRows(IReadOnlyList<IRowSource> shards, int firstShard, IReadOnlyList<long> shardRows) : IRowSource
{
    /// <summary>Gets this rank's shards.</summary>
    public IReadOnlyList<IRowSource> Shards => shards;

    public int FirstShard => firstShard;

    public IReadOnlyList<long> ShardRows => shardRows;

    public int InputCount => shards[0].InputCount;

    public bool IsSparse => shards[0].IsSparse;

    /// <summary>Gets the number of rows of all ranks together.</summary>
    public long RowCount { get; } = shardRows.Sum();

    /// <summary>Gets a sample of this rank's rows.</summary>
    public PackedRows Sample => shards[0].Sample;

    public IEnumerable<PackedRows> Windows(int epoch) =>
        throw new NotSupportedException("Each shard has windows of its own.");

    public void Scale(FeatureScaling scaling)
    {
        foreach (IRowSource shard in shards)
        {
            shard.Scale(scaling);
        }
    }

    public void Scale(TargetScaling scaling)
    {
        foreach (IRowSource shard in shards)
        {
            shard.Scale(scaling);
        }
    }

    public void ScaleWeights(double factor)
    {
        foreach (IRowSource shard in shards)
        {
            shard.ScaleWeights(factor);
        }
    }

    public void UseBatchesOf(int rowCount)
    {
        foreach (IRowSource shard in shards)
        {
            shard.UseBatchesOf(rowCount);
        }
    }
}
