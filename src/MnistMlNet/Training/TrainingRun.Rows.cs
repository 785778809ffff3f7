using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>Reads and scales the rows, alone or together with other ranks.</summary>
internal sealed partial class TrainingRun
{
    /// <summary>The options that ranks may have differently, since they don't decide which calls a rank makes.</summary>
    private static readonly HashSet<string> s_ownOfRank =
    [
        nameof(options.NumberOfThreads), nameof(options.EpochCallback), nameof(options.CancellationToken), nameof(options.Collective),
        nameof(options.CheckpointPath),
    ];

    /// <summary>Compares what all ranks were given, before anything depends on it, and chooses the seed.</summary>
    private void Begin(IDataView? validationData, bool isInitialized)
    {
        _ranks.CheckSame(
        [
            .. OptionTable.DescribeGiven(options).Where(pair => !s_ownOfRank.Contains(pair.Key)),
            new("whether CheckpointPath is given", options.CheckpointPath is null ? "false" : "true"),
            new("whether validation data is given", validationData is null ? "false" : "true"),
            new("whether a model to start from is given", isInitialized ? "true" : "false"),
        ]);
        _seed = options.Seed ?? _ranks.FromFirst(host.Rand.Next());
    }

    private TrainingSet ReadTraining(IDataView input, TrainingColumns columns)
    {
        var reader = new TrainingSetReader(columns, _kernels, CheckCanceled);
        TrainingSet Read(IDataView data, bool? isSparse) => options.CacheRows
            ? reader.Read(data, isSparse)
            : reader.Stream(
                data, ChooseBatchSize, options.Shuffle ? _seed : null, hashRows: options.CheckpointPath is not null,
                takeStatistics: options.StandardizeFeatures, isSparse);
        return options.IsSharded
            ? new ShardedSetReader(_ranks, options, columns.InputCount, columns.OutputCount, Read).Read(input)
            : _ranks.Agree(() => Read(input, null));
    }

    private int ChooseBatchSize(long rowCount) => ResolvedOptions.ChooseBatchSize(options, rowCount);

    private ValidationRows ReadValidation(IDataView? data, TrainingColumns columns, KnownNetwork known)
    {
        if (data is not null && (options.ValidationSet is not null || options.ValidationFraction > 0))
        {
            throw new ArgumentException(
                $"validationData is given and {(options.ValidationSet is null ? "ValidationFraction" : "ValidationSet")} is set; "
                    + $"expected only one of them.", "validationData");
        }

        data ??= options.ValidationSet;
        if (data is null)
        {
            return default;
        }

        string name = options.ValidationSet is null ? "validationData" : nameof(options.ValidationSet);
        TrainingColumns validationColumns = _ranks.Agree(() =>
        {
            var found = new TrainingColumns(host, data.Schema, options);
            FewClasses.Check(found, data, "validation", isNew: false, CheckCanceled);
            found.MapOutputs(name, "the training data", columns.InputCount, columns.OutputCount, known.Labels, known.OutputNames);
            return found;
        });
        var reader = new TrainingSetReader(validationColumns, _kernels, CheckCanceled);
        if (options.IsSharded)
        {
            PackedRows[] shards = new ShardedSetReader(
                _ranks, options, columns.InputCount, columns.OutputCount, (shard, isSparse) => reader.Read(shard, isSparse))
                .ReadValidation(data, out TrainingSet all);
            _checks.CheckRows(all, "validation");
            return new ValidationRows(null, shards, all);
        }

        TrainingSet set = _ranks.Agree(() => reader.Read(data));
        _checks.CheckRows(set, "validation");
        return new ValidationRows(set.Rows.Sample, null, null);
    }

    private FeatureScaling? Scale(TrainingSet set, ValidationSplit? split, ValidationRows validation)
    {
        if (!options.StandardizeFeatures)
        {
            return null;
        }

        PackedRows sample = set.Rows.Sample;
        int[]? places = split?.Training;
        FeatureStatistics statistics = set.Statistics ?? FeatureStatistics.Of(sample, places);
        FeatureScaling? scaling = FromFirstShard(
            () => FeatureScaling.Create(statistics, sample, options.Augmentation, places), (found, writer) => found.Write(writer),
            reader => FeatureScaling.Read(reader, sample.InputCount));
        if (scaling is null)
        {
            return null;
        }

        channel.Info(MessageSensitivity.None, scaling.Describe());
        set.Rows.Scale(scaling);
        foreach (PackedRows rows in validation.Parts)
        {
            rows.Scale(scaling);
        }

        return scaling;
    }

    private TargetScaling? ScaleTargets(
        TrainingSet set, ValidationSplit? split, ValidationRows validation, out TargetVariances? variances)
    {
        variances = null;
        if (set.Targets is null)
        {
            return null;
        }

        PackedRows sample = set.Rows.Sample;
        TargetStatistics statistics = split is null ? set.Targets : TargetStatistics.Of(sample, split.Training);
        TargetScaling? scaling = options.AreTargetsStandardized
            ? FromFirstShard(
                () => TargetScaling.Create(statistics, sample, split?.Training, options.RegressionLoss),
                (found, writer) => found.Write(writer), reader => TargetScaling.Read(reader, sample.TargetCount))
            : null;
        TargetStatistics? held = validation.Statistics()
            ?? (split is null ? null : TargetStatistics.Of(sample, split.Validation));
        IReadOnlyList<double> units = scaling?.Scales ?? [.. Enumerable.Repeat(1.0, sample.TargetCount)];
        variances = new TargetVariances(statistics.MeanVariance(units), held?.MeanVariance(units) ?? double.NaN);
        if (scaling is not null)
        {
            set.Rows.Scale(scaling);
            foreach (PackedRows rows in validation.Parts)
            {
                scaling.Apply(rows);
            }
        }

        return scaling;
    }

    /// <summary>The mean over the scaled rows of Σ|x|; of divided rows over all shards, in their order.</summary>
    private Func<double> MeanMagnitude(IRowSource rows)
    {
        if (rows is not ShardedRows sharded)
        {
            return rows.Sample.MeanMagnitude;
        }

        double[] own = [.. sharded.Shards.Select(shard => shard.Sample.MeanMagnitude())];
        double[] all = [.. _ranks.Gather(MemoryMarshal.AsBytes<double>(own).ToArray())
            .SelectMany(rank => MemoryMarshal.Cast<byte, double>(rank).ToArray())];
        return () => all.Zip(sharded.ShardRows, (mean, count) => mean * count).Sum() / sharded.RowCount;
    }

    /// <summary>
    /// Computes something from statistics of all rows and a sample of them. Of divided rows, the sample is that of shard 0, so that the
    /// result doesn't depend on the number of ranks.
    /// </summary>
    private T? FromFirstShard<T>(Func<T?> compute, Action<T, BinaryWriter> write, Func<BinaryReader, T> read)
        where T : class
    {
        if (!options.IsSharded || !_ranks.HasOthers)
        {
            return compute();
        }

        T? own = null;
        byte[]? found = _ranks.OnFirst(() =>
        {
            own = compute();
            if (own is null)
            {
                return null;
            }

            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            write(own, writer);
            writer.Flush();
            return stream.ToArray();
        });
        return own ?? (found is null ? null : read(new BinaryReader(new MemoryStream(found))));
    }

    /// <summary>Checks that all ranks train the same network with the same options and build.</summary>
    private void CheckSame(
        IReadOnlyList<KeyValuePair<string, string>> optionTexts, KnownNetwork known, TrainingColumns columns, NetworkShape shape,
        NetworkParameters initial, PreparedRows prepared)
    {
        if (!_ranks.HasOthers)
        {
            return;
        }

        string classes = string.Join('\n', (IEnumerable<string>?)known.Labels?.Texts ?? known.OutputNames);
        bool hasAllRows = options.Distribution == DistributionMode.ModelParallel;
        RowHashes? rows = hasAllRows ? prepared.Set.Hashes ?? RowHashes.Of(prepared.Set.Rows.Sample) : null;
        _ranks.CheckSame(
        [
            .. optionTexts.Where(pair => !s_ownOfRank.Contains(pair.Key)),
            new("the type of the feature column", columns.Features.Type.ToString() ?? ""),
            new("the network", string.Create(CultureInfo.InvariantCulture, $"{shape.InputCount}-{shape.HiddenUnits}-{shape.OutputCount}")),
            new("the list of classes or outputs", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(classes)))),
            new("the initial parameters", Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(initial.All)))),
            new("the hash of the rows", rows?.ToString() ?? ""),
            new("the hash of the validation rows", hasAllRows ? prepared.Validation.Hashes()?.ToString() ?? "" : ""),
            new("the processor's vectors", _kernels.Tier.ToString()),
            new("the version of MnistMlNet", typeof(TrainingRun).Assembly
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? ""),
        ]);
    }
}

/// <summary>The validation rows: all of them, or those of this rank's shards.</summary>
/// <param name="Rows">All of them; null where there are none, or they are divided.</param>
/// <param name="Shards">Those of each of this rank's shards; null where they aren't divided.</param>
/// <param name="All">What is known of those of all shards.</param>
internal readonly record struct ValidationRows(PackedRows? Rows, PackedRows[]? Shards, TrainingSet? All)
{
    public bool Any => Rows is not null || Shards is not null;

    public IEnumerable<PackedRows> Parts => Rows is null ? Shards ?? [] : [Rows];

    public TargetStatistics? Statistics() => Rows is null ? All?.Targets : TargetStatistics.Of(Rows, null);

    public RowHashes? Hashes() => Rows is null ? All?.Hashes : RowHashes.Of(Rows);
}
