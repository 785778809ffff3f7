using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Runtime;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Saves the state of a training run in a file that is replaced atomically. docs/model-format.md describes the file.</summary>
/// <remarks>
/// *** Binary format, little-endian ***
/// magic 8 bytes; formatVersion int32; regularization search, as in a model; identity: count int32, then name and value as
/// texts; elapsed int64 (ticks); the state's fields one after another as int64, float64 or float32; SHA-256 of all before, 32 bytes.
/// </remarks>
internal sealed class CheckpointFile(
    string path, TwoLayerNetworkOptions options, IReadOnlyList<KeyValuePair<string, string>> identity, IChannel channel, RankGroup ranks)
        : ICheckpoint
{
    /// <summary>The version that this release writes; 1 is the first.</summary>
    public const int FormatVersion = 1;

    /// <summary>
    /// The maximum number of pairs in the identity: more than all options and a weight for each of the maximum number of classes.
    /// </summary>
    public const int MaxPairs = 1 << 25;

    /// <summary>
    /// Increased in each release that adds in another order or rounds differently, because such a release can't resume bit-exactly.
    /// </summary>
    public const int ArithmeticRevision = 3;

    private const int HashLength = 32;

    private const string Remedy = "Train as before; or delete the file or choose another CheckpointPath to start again. "
        + "To train a finished model further with other options or rows, use ContinueFit.";

    /// <summary>Options that may differ when training resumes: they don't change the parameters of the epochs before.</summary>
    private static readonly HashSet<string> s_changeable =
    [
        nameof(options.NumberOfThreads), nameof(options.EpochCallback), nameof(options.CheckpointPath), nameof(options.CheckpointInterval),
        nameof(options.ResumeFromCheckpoint), nameof(options.CancellationToken), nameof(options.EarlyStoppingPatience),
        nameof(options.Collective),
    ];

    /// <summary>Gets the search for the strength of regularization that came before training; null for none.</summary>
    public RegularizationSearchResult? RegularizationSearch { get; init; }

    public static ReadOnlySpan<byte> Magic => "TLNC\r\n\x1A\n"u8;

    /// <summary>
    /// Lists everything except the state that the next epoch depends on, and the initial parameters: all of it must be the same to resume.
    /// </summary>
    /// <param name="initial">The parameters before the first epoch.</param>
    /// <param name="validation">The hashes of validation rows that aren't a part of <paramref name="set"/>; null for none.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Identify(
        IReadOnlyList<KeyValuePair<string, string>> optionTexts, ResolvedOptions plan, IKernels kernels, NetworkParameters initial,
        TrainingSet set, RowHashes? validation)
    {
        NetworkShape shape = initial.Shape;
        RowHashes rows = set.Hashes ?? RowHashes.Of(set.Rows.Sample);
        bool isEndFixed = plan.LearningRateSchedule is LearningRateSchedule.Cosine or LearningRateSchedule.Linear;
        return
        [
            .. optionTexts.Where(pair =>
                !s_changeable.Contains(pair.Key) && (isEndFixed || pair.Key != nameof(TwoLayerNetworkOptions.NumberOfEpochs))),
            new("network", string.Create(CultureInfo.InvariantCulture, $"{shape.InputCount}-{shape.HiddenUnits}-{shape.OutputCount}")),
            new("class weights", plan.ClassWeights is null ? "none"
                : string.Join(' ', plan.ClassWeights.Select(w => w.ToString(CultureInfo.InvariantCulture)))),
            new("rows", set.Rows.RowCount.ToString(CultureInfo.InvariantCulture)),
            new("SHA-256 of the rows' labels", rows.Labels),
            new("SHA-256 of the rows' targets", rows.Targets),
            new("SHA-256 of the rows' weights", rows.Weights),
            new("SHA-256 of the rows' features", rows.Features),
            new("SHA-256 of the validation rows' labels", validation?.Labels ?? "none"),
            new("SHA-256 of the validation rows' targets", validation?.Targets ?? "none"),
            new("SHA-256 of the validation rows' weights", validation?.Weights ?? "none"),
            new("SHA-256 of the validation rows' features", validation?.Features ?? "none"),
            new("SHA-256 of the initial parameters", Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(initial.All)))),
            new("processor's vectors", kernels.Tier.ToString()),
            new("revision of the arithmetic", ArithmeticRevision.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>
    /// Reads only the search for the strength of regularization, so that a resumed training doesn't repeat it; null where there is none.
    /// </summary>
    /// <remarks>Whether the checkpoint is of the same training is checked when it is restored.</remarks>
    public static RegularizationSearchResult? ReadSearch(string path, RankGroup ranks)
    {
        using Stream? stream = Open(path, ranks, resumes: true);
        if (stream is null)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            return ReadHeader(path, stream, new PayloadReader(stream, hash));
        }
        catch (InvalidDataException e)
        {
            throw Unreadable(path, e);
        }
    }

    public TimeSpan Restore(TrainingLoop loop)
    {
        using Stream? stream = Open(path, ranks, options.ResumeFromCheckpoint);
        if (stream is null)
        {
            return TimeSpan.Zero;
        }

        try
        {
            TimeSpan elapsed = Read(stream, loop);
            if (options.NumberOfEpochs is { } epochs && loop.Epochs.Count > epochs)
            {
                throw new InvalidOperationException(
                    $"The checkpoint '{Shown.Long(path)}' has {loop.Epochs.Count} epochs already; NumberOfEpochs is {epochs}. It must be "
                        + $"{loop.Epochs.Count} or more.");
            }

            channel.Info(MessageSensitivity.None, $"Resumed from '{Shown.Long(path)}' after epoch {loop.Epochs.Count}.");
            return elapsed;
        }
        catch (InvalidDataException e)
        {
            throw Unreadable(path, e);
        }
    }

    public void Save(TrainingLoop loop, TimeSpan elapsed, bool isLast)
    {
        if (isLast || loop.Epochs.Count % options.CheckpointInterval == 0)
        {
            if (ranks.Rank == 0)
            {
                AtomicFile.Write(path, stream => Write(stream, loop, elapsed));
            }
            else
            {
                Write(Stream.Null, loop, elapsed);                                 // rank 0 needs the state of this rank's hidden units
            }
        }
    }

    /// <summary>Opens the file, on rank 0 only; the other ranks get its content. Null where there is none, or it isn't wanted.</summary>
    private static Stream? Open(string path, RankGroup ranks, bool resumes)
    {
        if (ranks.HasOthers)
        {
            return ranks.OnFirst(() => Exists() ? File.ReadAllBytes(path) : null) is { } content ? new MemoryStream(content) : null;
        }

        return Exists() ? FileStatus.OpenRead(path) : null;

        bool Exists()
        {
            // Checked now, so that the error doesn't come only after the first epoch.
            AtomicFile.CheckWritable(path, nameof(options.CheckpointPath));
            return resumes && FileStatus.Of(path).Kind != PathKind.Nothing;
        }
    }

    private void Write(Stream stream, TrainingLoop loop, TimeSpan elapsed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var writer = new PayloadWriter(stream, hash);
        writer.Bytes(Magic);
        writer.Int32(FormatVersion);
        RegularizationSearchResult.Write(writer, RegularizationSearch);
        writer.Int32(identity.Count);
        foreach ((string name, string value) in identity)
        {
            writer.Text(name);
            writer.Text(Shorten(value));
        }

        writer.Int64(elapsed.Ticks);
        loop.Serialize(new StateWriter(writer));
        stream.Write(hash.GetHashAndReset());
    }

    private static InvalidDataException Unreadable(string path, InvalidDataException e) =>
        new($"The checkpoint '{Shown.Long(path)}' can't be read: {e.Message}", e);

    private static RegularizationSearchResult? ReadHeader(string path, Stream stream, PayloadReader reader)
    {
        if (!reader.Bytes(Magic.Length, "magic").SequenceEqual(Magic))
        {
            throw new InvalidDataException("magic, the first 8 bytes, is not that of a checkpoint.");
        }

        int version = reader.Int32("formatVersion", 1, int.MaxValue);
        if (version > FormatVersion)
        {
            throw new FormatException($"The checkpoint '{Shown.Long(path)}' has format version {version}; this release of MnistMlNet "
                + $"reads up to "
                + $"{FormatVersion}. Update the package MnistMlNet.");
        }

        CheckHash(stream);
        return RegularizationSearchResult.Read(reader);
    }

    private TimeSpan Read(Stream stream, TrainingLoop loop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = new PayloadReader(stream, hash);
        _ = ReadHeader(path, stream, reader);
        int count = reader.Int32("identityCount", 0, MaxPairs);
        for (int i = 0; i < count; i++)
        {
            string name = reader.Text("identity name"), value = reader.Text("identity value");
            if (i >= identity.Count || identity[i].Key != name || Shorten(identity[i].Value) != value)
            {
                if (name == nameof(options.Seed) && options.Seed is null)
                {
                    throw new InvalidOperationException(
                        $"The checkpoint '{Shown.Long(path)}' belongs to another training: its seed was {Shown.Text(value)}, and this one "
                            + $"drew another, because none is set. Set Options.Seed to {Shown.Text(value)}, or delete the file.");
                }

                string now = identity.Where(pair => pair.Key == name).Select(pair => pair.Value).FirstOrDefault("not there");
                throw new InvalidOperationException(
                    $"The checkpoint '{Shown.Long(path)}' belongs to another training: {Shown.Text(name)} was {Shown.Text(value)} "
                        + $"and is {Shown.Text(now)}. {Remedy}");
            }
        }

        if (count != identity.Count)
        {
            throw new InvalidOperationException(
                $"The checkpoint '{Shown.Long(path)}' belongs to another training: {identity[count].Key} is "
                    + $"{Shown.Text(identity[count].Value)} and was not there. {Remedy}");
        }

        var elapsed = new TimeSpan(reader.Int64("elapsed", 0, IStateSerializer.MaxNumber));
        loop.Serialize(new StateReader(reader));
        if (reader.Remaining != HashLength)
        {
            throw new InvalidDataException($"{reader.Remaining} bytes follow after the history; they must be the {HashLength} of sha256.");
        }

        return elapsed;
    }

    /// <summary>Checks the hash of the whole file before any field is used; the position of the stream stays the same.</summary>
    private static void CheckHash(Stream stream)
    {
        long position = stream.Position, remaining = stream.Length - HashLength;
        stream.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        for (int read = 1; remaining > 0 && read > 0; remaining -= read)
        {
            read = stream.Read(buffer, 0, (int)Math.Min(remaining, buffer.Length));
            hash.AppendData(buffer, 0, read);
        }

        Span<byte> found = stackalloc byte[HashLength];
        if (stream.ReadAtLeast(found, HashLength, throwOnEndOfStream: false) < HashLength || !found.SequenceEqual(hash.GetHashAndReset()))
        {
            throw new InvalidDataException("sha256, the last 32 bytes, doesn't match the content: the checkpoint is damaged.");
        }

        stream.Position = position;
    }

    /// <summary>Replaces a long value, such as ten thousand class weights, by its hash.</summary>
    private static string Shorten(string value) =>
        value.Length <= 1024 ? value : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
