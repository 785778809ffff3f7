using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using MnistMlNet.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Reads this rank's shards, and combines with the other ranks what training must know of all rows.</summary>
/// <param name="read">Reads one shard; the second argument is whether to keep it sparse, or null to decide by its density.</param>
internal sealed class ShardedSetReader(
    RankGroup ranks, TwoLayerNetworkOptions options, int inputCount, int outputCount, Func<IDataView, bool?, TrainingSet> read)
{
    private readonly int _count = options.ShardCount;
    private readonly (int First, int End) _own = Partition.GetRange(ranks.Rank, ranks.Size, options.ShardCount);

    /// <summary>Reads the training rows. The result has the statistics of all ranks' rows.</summary>
    public TrainingSet Read(IDataView data)
    {
        bool hasFeatures = options.StandardizeFeatures, hasHashes = options.CheckpointPath is not null;
        ranks.CheckSame(
        [
            new(nameof(options.Distribution), $"{options.Distribution}"), new(nameof(options.Shards), $"{_count}"),
            new(nameof(options.StandardizeFeatures), $"{hasFeatures}"), new("whether CheckpointPath is given", $"{hasHashes}"),
            new("the number of features", $"{inputCount}"), new("the number of classes or outputs", $"{outputCount}"),
        ]);
        TrainingSet[] sets = ranks.Agree(() => Shards(data).Select(shard => read(shard, null)).ToArray());
        ShardSummary[] all = Exchange(sets, hasFeatures, hasHashes);
        int empty = Array.FindIndex(all, shard => shard.RowCount == 0);
        var skipped = new SkippedRows();
        foreach (ShardSummary shard in all)
        {
            skipped.Add(shard.Skipped);
        }

        if (empty >= 0 && all.Any(shard => shard.RowCount > 0))
        {
            throw new InvalidOperationException(
                $"Shard {empty} of {_count} has no valid training rows. Give each rank at least as many rows as it has shards, or lower "
                    + $"Options.Shards.");
        }

        if (all.Any(shard => shard.IsSparse != all[0].IsSparse))
        {
            // Their density is near the threshold of dense rows; all shards need the same kernels.
            sets = ranks.Agree(() => Shards(data).Select((shard, k) => sets[k].Rows.IsSparse ? read(shard, false) : sets[k]).ToArray());
        }

        ScaleWeights(sets, all);
        return new TrainingSet(
            new ShardedRows([.. sets.Select(set => set.Rows)], _own.First, [.. all.Select(shard => shard.RowCount)]), skipped,
            [.. Enumerable.Range(0, all[0].ClassCounts.Length).Select(c => all.Sum(shard => shard.ClassCounts[c]))])
        {
            ClassWeightSums = [.. Enumerable.Range(0, all[0].ClassCounts.Length).Select(c => all.Sum(shard => shard.ClassWeightSums[c]))],
            LargestRow = sets.Select(set => set.LargestRow).MaxBy(row => row.Magnitude),
            Targets = Combine(all),
            Statistics = hasFeatures ? Merge(all.Select(shard => shard.Features!)) : null,
            Hashes = hasHashes ? Combine(all.Select(shard => shard.Hashes!)) : null,
        };
    }

    /// <summary>Reads the validation rows of this rank's shards.</summary>
    /// <param name="set">Receives the statistics of all ranks' validation rows.</param>
    public PackedRows[] ReadValidation(IDataView data, out TrainingSet set)
    {
        TrainingSet[] sets = ranks.Agree(() => Shards(data).Select(shard => read(shard, null)).ToArray());
        ShardSummary[] all = Exchange(sets, hasFeatures: false, hasHashes: options.CheckpointPath is not null);
        ScaleWeights(sets, all);
        var skipped = new SkippedRows();
        foreach (ShardSummary shard in all)
        {
            skipped.Add(shard.Skipped);
        }

        set = new TrainingSet(
            new ShardedRows([.. sets.Select(each => each.Rows)], _own.First, [.. all.Select(shard => shard.RowCount)]), skipped,
            all[0].ClassCounts)
        {
            ClassWeightSums = all[0].ClassWeightSums,
            Targets = Combine(all),
            Hashes = options.CheckpointPath is null ? null : Combine(all.Select(shard => shard.Hashes!)),
        };
        return [.. sets.Select(each => each.Rows.Sample)];
    }

    private static TargetStatistics? Combine(ShardSummary[] shards)
    {
        TargetStatistics? first = shards[0].Targets;
        foreach (ShardSummary shard in shards.Skip(1))
        {
            first?.Add(shard.Targets!);
        }

        return first;
    }

    private static FeatureStatistics Merge(IEnumerable<FeatureStatistics> shards) => shards.Aggregate((all, next) =>
    {
        all.Add(next);
        return all;
    });

    private static RowHashes Combine(IEnumerable<RowHashes> shards)
    {
        RowHashes[] all = [.. shards];
        return all.Length == 1 ? all[0] : new RowHashes(
            Hash(all.Select(shard => shard.Labels)), Hash(all.Select(shard => shard.Targets)), Hash(all.Select(shard => shard.Weights)),
            Hash(all.Select(shard => shard.Features)));

        static string Hash(IEnumerable<string> hashes) =>
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(hashes))));
    }

    /// <summary>Gives the weights of all shards together a mean of 1; those of each shard have it.</summary>
    private void ScaleWeights(TrainingSet[] sets, ShardSummary[] all)
    {
        double mean = all.Sum(shard => shard.WeightSum) / all.Sum(shard => shard.RowCount);
        for (int k = 0; k < sets.Length; k++)
        {
            ShardSummary own = all[_own.First + k];
            sets[k].Rows.ScaleWeights(own.RowCount == 0 ? 1 : own.WeightSum / own.RowCount / mean);
        }
    }

    private static FeatureStatistics StatisticsOf(TrainingSet set)
    {
        if (set.Statistics is not null)
        {
            return set.Statistics;
        }

        // The weights of the rows in memory are divided by their mean.
        var statistics = FeatureStatistics.Of(set.Rows.Sample, null);
        statistics.ScaleWeights(set.Rows.RowCount == 0 ? 1 : set.ClassWeightSums.Sum() / set.Rows.RowCount);
        return statistics;
    }

    private IEnumerable<IDataView> Shards(IDataView data)
    {
        int count = _own.End - _own.First;
        return Enumerable.Range(0, count).Select(k => count == 1 ? data : new RowShard(data, k, k + 1, count));
    }

    private ShardSummary[] Exchange(TrainingSet[] sets, bool hasFeatures, bool hasHashes)
    {
        using var own = new MemoryStream();
        using var writer = new BinaryWriter(own);
        foreach (TrainingSet set in sets)
        {
            ShardSummary.Write(
                writer, set, hasFeatures ? StatisticsOf(set) : null, hasHashes ? set.Hashes ?? RowHashes.Of(set.Rows.Sample) : null);
        }

        writer.Flush();
        var all = new ShardSummary[_count];
        byte[][] found = ranks.Gather(own.ToArray());
        for (int rank = 0; rank < ranks.Size; rank++)
        {
            using var reader = new BinaryReader(new MemoryStream(found[rank]));
            (int first, int end) = Partition.GetRange(rank, ranks.Size, _count);
            for (int shard = first; shard < end; shard++)
            {
                all[shard] = ShardSummary.Read(reader, sets[0], inputCount, hasFeatures, hasHashes);
            }
        }

        return all;
    }
}
