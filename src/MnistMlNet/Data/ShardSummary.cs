using System.Runtime.InteropServices;

namespace MnistMlNet.Data;

/// <summary>What the ranks exchange about the rows of one shard.</summary>
internal sealed class ShardSummary
{
    public long RowCount { get; private init; }

    public bool IsSparse { get; private init; }

    public double WeightSum { get; private init; }

    public SkippedRows Skipped { get; } = new();

    public long[] ClassCounts { get; private init; } = [];

    public double[] ClassWeightSums { get; private init; } = [];

    public FeatureStatistics? Features { get; private init; }

    public TargetStatistics? Targets { get; private init; }

    /// <summary>Gets the hashes of the rows; null where none were asked for.</summary>
    public RowHashes? Hashes { get; private init; }

    public static void Write(BinaryWriter writer, TrainingSet set, FeatureStatistics? features, RowHashes? hashes)
    {
        writer.Write(set.Rows.RowCount);
        writer.Write(set.Rows.IsSparse);
        writer.Write(set.ClassWeightSums.Sum());
        writer.Write(set.Skipped.MissingLabel);
        writer.Write(set.Skipped.LabelNotFinite);
        writer.Write(set.Skipped.FeatureNotFinite);
        writer.Write(set.Skipped.WeightOutOfRange);
        writer.Write(MemoryMarshal.AsBytes<long>(set.ClassCounts));
        writer.Write(MemoryMarshal.AsBytes<double>(set.ClassWeightSums));
        features?.Write(writer);
        set.Targets?.Write(writer);
        foreach (string hash in hashes is null ? [] : new[] { hashes.Labels, hashes.Targets, hashes.Weights, hashes.Features })
        {
            writer.Write(hash);
        }
    }

    /// <param name="like">A set of this rank, which has the same columns.</param>
    public static ShardSummary Read(BinaryReader reader, TrainingSet like, int inputCount, bool hasFeatures, bool hasHashes)
    {
        var summary = new ShardSummary
        {
            RowCount = reader.ReadInt64(),
            IsSparse = reader.ReadBoolean(),
            WeightSum = reader.ReadDouble(),
            Skipped =
            {
                MissingLabel = reader.ReadInt64(),
                LabelNotFinite = reader.ReadInt64(),
                FeatureNotFinite = reader.ReadInt64(),
                WeightOutOfRange = reader.ReadInt64(),
            },
            ClassCounts = reader.ReadValues<long>(like.ClassCounts.Length),
            ClassWeightSums = reader.ReadValues<double>(like.ClassCounts.Length),
            Features = hasFeatures ? FeatureStatistics.Read(reader, inputCount) : null,
            Targets = like.Targets is { } targets ? TargetStatistics.Read(reader, targets.Means.Count) : null,
            Hashes = hasHashes
                ? new RowHashes(reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString())
                : null,
        };
        return summary;
    }
}

/// <summary>Arrays in a stream that one process writes and another of the same build reads.</summary>
internal static class ValueReading
{
    public static T[] ReadValues<T>(this BinaryReader reader, int count)
        where T : unmanaged
    {
        var values = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
