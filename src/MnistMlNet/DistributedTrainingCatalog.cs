using MnistMlNet;
using MnistMlNet.Data;
using MnistMlNet.Primitives;
using MnistMlNet.Training;

namespace Microsoft.ML;

/// <summary>Extension methods of <see cref="MLContext"/>'s catalogs for training on several processes; see docs/distributed.md.</summary>
public static class DistributedTrainingCatalog
{
    /// <summary>Selects the rows of this rank's shards: row i of the data belongs to shard i mod S.</summary>
    /// <param name="catalog">The catalog of data operations.</param>
    /// <param name="input">All rows, the same on every rank, for example from files that all ranks can read.</param>
    /// <param name="collective">Gives rank and size; null for one process, which has all rows.</param>
    /// <param name="shards">The number of shards S, as in <see cref="TwoLayerNetworkOptions.Shards"/>; null for one a rank.</param>
    /// <returns>The rows of shards <c>⌊r·S/R⌋ … ⌊(r+1)·S/R⌋ - 1</c> of rank r of R, in their order. It reads the whole input, but values
    /// only of these rows. It doesn't support shuffling, so call <c>ShuffleRows</c> after it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shards"/> is below the number of ranks, or above 65,536.</exception>
    public static IDataView ShardRows(this DataOperationsCatalog catalog, IDataView input, ICollective? collective, int? shards = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(input);
        int size = collective?.Size ?? 1, count = shards ?? size;
        if (count < size || count > 1 << 16)
        {
            throw new ArgumentOutOfRangeException(nameof(shards), shards, $"shards must be {size}, the number of ranks, to {1 << 16}.");
        }

        (int first, int end) = Partition.GetRange(collective?.Rank ?? 0, size, count);
        return first == 0 && end == count ? input : new RowShard(input, first, end, count);
    }

    /// <summary>
    /// Fits an estimator on rank 0 and gives the transformer to all ranks, so that keys, normalizers and the like are the same everywhere.
    /// </summary>
    /// <param name="catalog">The catalog of model operations, by which the transformer is saved and loaded.</param>
    /// <param name="estimator">The estimator; used on rank 0 only.</param>
    /// <param name="data">The rows to fit on, of rank 0; of the other ranks only the schema is used. If rank 0 has a part of all rows only,
    /// make sure that it has every class.</param>
    /// <param name="collective">The ranks; null for one process.</param>
    /// <returns>The same transformer on all ranks.</returns>
    /// <exception cref="InvalidOperationException">The schemas of the ranks differ, or rank 0 has failed; the message says why.</exception>
    public static ITransformer FitOnFirstRank(
        this ModelOperationsCatalog catalog, IEstimator<ITransformer> estimator, IDataView data, ICollective? collective)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(data);
        var ranks = new RankGroup(collective);
        if (!ranks.HasOthers)
        {
            return estimator.Fit(data);
        }

        ranks.CheckSame([.. data.Schema.Select(column => new KeyValuePair<string, string>($"column {column.Index}", $"{column}"))]);
        ITransformer? own = null;
        byte[] saved = ranks.OnFirst(() =>
        {
            own = estimator.Fit(data);
            using var stream = new MemoryStream();
            catalog.Save(own, data.Schema, stream);
            return stream.ToArray();
        })!;
        return own ?? catalog.Load(new MemoryStream(saved), out _);
    }
}
