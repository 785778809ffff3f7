using System.Security.Cryptography;
using Microsoft.ML.Runtime;
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

    private const int HashLength = 32;

    /// <summary>Gets the search for the strength of regularization that came before training; null for none.</summary>
    public RegularizationSearchResult? RegularizationSearch { get; init; }

    public static ReadOnlySpan<byte> Magic => "TLNC\r\n\x1A\n"u8;

    /// <summary>
    /// Reads what a checkpoint says of its training, without the state; null where there is none, or training doesn't resume from it.
    /// </summary>
    /// <remarks>Rank 0 reads the file, and checks whether it can be written; the other ranks get the header from it.</remarks>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static CheckpointHeader? ReadHeader(string path, RankGroup ranks, bool resumes)
    {
        byte[]? header = ranks.OnFirst(() => Exists(path, resumes) ? ReadHeaderBytes(path) : null);
        return header is null ? null : ReadHeader(path, new MemoryStream(header), isWhole: false);
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
            return ranks.OnFirst(() => Exists(path, resumes) ? File.ReadAllBytes(path) : null) is { } content
                ? new MemoryStream(content) : null;
        }

        return Exists(path, resumes) ? FileStatus.OpenRead(path) : null;
    }

    /// <summary>Gets whether there is a checkpoint to resume from; throws where it couldn't be written later.</summary>
    private static bool Exists(string path, bool resumes)
    {
        AtomicFile.CheckWritable(path, nameof(options.CheckpointPath));
        return resumes && FileStatus.Of(path).Kind != PathKind.Nothing;
    }

    private static byte[] ReadHeaderBytes(string path)
    {
        using Stream stream = FileStatus.OpenRead(path);
        try
        {
            ReadHeader(path, stream, isWhole: true);
        }
        catch (InvalidDataException e)
        {
            throw Unreadable(path, e);
        }

        byte[] header = new byte[stream.Position];
        stream.Position = 0;
        stream.ReadExactly(header);
        return header;
    }

    private static CheckpointHeader ReadHeader(string path, Stream stream, bool isWhole)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        return ReadHeader(path, stream, new PayloadReader(stream, hash), isWhole);
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
            writer.Text(CheckpointIdentity.Shorten(value));
        }

        writer.Int64(elapsed.Ticks);
        loop.Serialize(new StateWriter(writer));
        stream.Write(hash.GetHashAndReset());
    }

    private static InvalidDataException Unreadable(string path, InvalidDataException e) =>
        new($"The checkpoint '{Shown.Long(path)}' can't be read: {e.Message}", e);

    /// <param name="isWhole">Whether the stream has the whole file, whose hash is then checked before any field is used.</param>
    private static CheckpointHeader ReadHeader(string path, Stream stream, PayloadReader reader, bool isWhole)
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

        if (isWhole)
        {
            CheckHash(stream);
        }

        RegularizationSearchResult? search = RegularizationSearchResult.Read(reader);
        var pairs = new List<KeyValuePair<string, string>>();
        for (int count = reader.Int32("identityCount", 0, MaxPairs); count > 0; count--)
        {
            pairs.Add(new(reader.Text("identity name"), reader.Text("identity value")));
        }

        return new CheckpointHeader(search, pairs);
    }

    private TimeSpan Read(Stream stream, TrainingLoop loop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = new PayloadReader(stream, hash);
        CheckpointIdentity.Check(path, ReadHeader(path, stream, reader, isWhole: true).Identity, identity, options.Seed is not null);
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
}

/// <summary>The part of a checkpoint before the state.</summary>
/// <param name="Search">The search for the strength of regularization; null for none.</param>
/// <param name="Identity">What must be the same to resume.</param>
internal sealed record CheckpointHeader(RegularizationSearchResult? Search, IReadOnlyList<KeyValuePair<string, string>> Identity);
