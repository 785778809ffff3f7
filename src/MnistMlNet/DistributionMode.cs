namespace MnistMlNet;

/// <summary>How the ranks of a collective divide the work of a training; see docs/distributed.md for the choice.</summary>
public enum DistributionMode
{
    /// <summary>
    /// Each rank has rows of its own. The gradients of all shards are summed in every step, in the order of the shards. The result depends
    /// on the number of shards, and not on how many ranks there are: it has the same bytes for any number.
    /// </summary>
    /// <remarks>For L-BFGS, which needs one sum a pass, and for large batches: each step sends as many numbers as the network has
    /// parameters.</remarks>
    DataParallel,

    /// <summary>
    /// All ranks have all rows, and each has a part of the hidden units. In each step the ranks exchange what their units add to the
    /// logits. The result has the same bytes as that of one process.
    /// </summary>
    /// <remarks>For wide networks: a part is one or more panels of 64 units, or of more above 4,096 hidden units.</remarks>
    ModelParallel,

    /// <summary>
    /// Each shard of the rows trains a network of its own, and every <see cref="TwoLayerNetworkOptions.AveragingSteps"/> steps all networks
    /// are replaced by their average, with block momentum (Chen and Huo 2016, doi:10.1109/ICASSP.2016.7472805). The result depends on the
    /// number of shards, and not on how many ranks there are: it has the same bytes for any number.
    /// </summary>
    /// <remarks>For narrow networks and many rows.</remarks>
    Averaging,
}
