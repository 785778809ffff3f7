namespace MnistMlNet;

public abstract partial class TwoLayerNetworkOptions
{
    /// <summary>The processes that train together, for example an <c>MpiCollective</c> of the package <c>MnistMlNet.Mpi</c>.</summary>
    /// <value>Null, the default, for this process alone. Needs <see cref="Distribution"/>.</value>
    /// <remarks>
    /// All ranks call the same trainer with the same options; where they differ, or where schema, classes or processors' vector
    /// instructions differ, all ranks throw an error that names the difference. All get the same model. Callbacks are called on each rank;
    /// only rank 0 reads and writes <see cref="CheckpointPath"/>. A canceled token ends training on all ranks after the current epoch.
    /// </remarks>
    public ICollective? Collective;

    /// <summary>How the work is divided among ranks or shards.</summary>
    /// <value>
    /// Null, the default, for no division. <see cref="DistributionMode.ModelParallel"/> needs a <see cref="Collective"/>; the others can
    /// also run in one process, with the result that any number of ranks has.
    /// </value>
    public DistributionMode? Distribution;

    /// <summary>The number S of parts into which the rows of all ranks are divided.</summary>
    /// <value>
    /// 1 to 65,536, and not less than the number of ranks; null, the default, for one a rank. Accepted with
    /// <see cref="DistributionMode.DataParallel"/> and <see cref="DistributionMode.Averaging"/> only.
    /// </value>
    /// <remarks>
    /// Rank r of R has shards <c>⌊r·S/R⌋ … ⌊(r+1)·S/R⌋ - 1</c>. Of its m shards, row j of its data (from 0) belongs to the j-mod-m-th; with
    /// <c>mlContext.Data.ShardRows</c>, row i of all data belongs to shard i mod S for any number of ranks.
    /// </remarks>
    public int? Shards;

    /// <summary>The number of steps of each shard between two averages.</summary>
    /// <value>1 or more; null, the default, for an eighth of an epoch. Accepted with <see cref="DistributionMode.Averaging"/> only.</value>
    public int? AveragingSteps;

    /// <summary>The block momentum: the factor of the previous change of the average in the next.</summary>
    /// <value>
    /// 0 or above and less than 1; null, the default, for 1 - 1/S. Accepted with <see cref="DistributionMode.Averaging"/> only.
    /// </value>
    public float? BlockMomentum;

    /// <summary>Gets whether the rows are divided into shards.</summary>
    internal bool IsSharded => Distribution is DistributionMode.DataParallel or DistributionMode.Averaging;

    /// <summary>Gets the number of shards.</summary>
    internal int ShardCount => Shards ?? Collective?.Size ?? 1;
}
