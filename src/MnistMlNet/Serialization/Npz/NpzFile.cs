using System.IO.Compression;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Npz;

/// <summary>A NumPy archive: a zip file with one .npy file for each of w1, b1, w2 and b2.</summary>
internal static class NpzFile
{
    /// <summary>The memory that a file of any size may require: a network of 784-5000-10, read and padded.</summary>
    private const long MaxExpandedMemory = 48L << 20;

    /// <summary>
    /// The maximum ratio of content to file size for archives that require more memory. Compression reduces weights to a half at best,
    /// those of a pruned network to a tenth.
    /// </summary>
    private const int MaxExpansion = 16;

    /// <summary>
    /// The maximum number of bytes read to find the names of the arrays. An entry has 46 and its name there, and takes about 500 in memory.
    /// </summary>
    private const int MaxDirectoryBytes = 1 << 20;

    public static void Write(Stream stream, TwoLayerNetworkModelParametersBase model)
    {
        // Not compressed: trained weights hardly become smaller, and NumPy can map uncompressed arrays into memory.
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add("w1", model.HiddenWeights.Span, [model.HiddenUnits, model.InputCount]);
        Add("b1", model.HiddenBiases.Span, [model.HiddenUnits]);
        Add("w2", model.OutputWeights.Span, [model.OutputCount, model.HiddenUnits]);
        Add("b2", model.OutputBiases.Span, [model.OutputCount]);

        void Add(string name, ReadOnlySpan<float> values, int[] shape)
        {
            ZipArchiveEntry entry = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression);

            // A fixed time, so that the same model gives the same bytes. 1980 is the first year of the zip format.
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using Stream content = entry.Open();
            NpyArray.Write(content, values, shape);
        }
    }

    /// <exception cref="InvalidDataException">The file isn't such an archive; the message names the file, the array, what was found and
    /// what was expected.</exception>
    public static NetworkParameters Read(string path, Activation activation, OutputLink link, int? outputCount = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = FileStatus.OpenRead(path);
        try
        {
            using var limited = new LimitedStream(
                file, MaxDirectoryBytes, "the directory at the end of the archive, which has the names; four arrays need less than 1024");
            using var archive = new ZipArchive(limited, ZipArchiveMode.Read);

            // Reads the whole directory, and allocates an object for each entry, whatever count the archive states.
            _ = archive.Entries;
            limited.EndLimit();

            // All headers first: no memory for values is allocated before all four shapes are known to match.
            NpyHeader w1 = Matrix(archive, "w1"), w2 = Matrix(archive, "w2");
            int hiddenUnits = w1.Shape[0], inputCount = w1.Shape[1], outputs = w2.Shape[0];
            if (w2.Shape[1] != hiddenUnits)
            {
                throw new InvalidDataException($"w2 has {w2.Shape[1]} columns; w1 has {hiddenUnits} rows; the two must be equal.");
            }

            if (outputCount is { } expected && outputs != expected)
            {
                throw new InvalidDataException($"w2 has {outputs} rows; a network for two classes has {expected}.");
            }

            if (link == OutputLink.Softmax && outputs < 2)
            {
                throw new InvalidDataException($"w2 has {outputs} rows; a network for several classes has 2 or more.");
            }

            NpyHeader b1 = Vector(archive, "b1", hiddenUnits), b2 = Vector(archive, "b2", outputs);
            var shape = new NetworkShape(inputCount, hiddenUnits, outputs, activation, link);
            CheckExpansionRatio(file.Length, shape, [w1, b1, w2, b2]);
            float[] Values(string name, NpyHeader header) =>
                Find(archive, name, (content, _) => NpyArray.Read(content, header, file.Length).Values, header);
            return TwoLayerNetworkModelParametersBase.CreateNetwork(
                shape, link == OutputLink.Softmax ? "classCount" : "outputCount", Values("w1", w1), Values("b1", b1), Values("w2", w2),
                Values("b2", b2));
        }
        catch (Exception e) when (
            e is InvalidDataException or EndOfStreamException
                or ArgumentException and not ArgumentOutOfRangeException { ParamName: "activation" })
        {
            throw new InvalidDataException($"'{Shown.Long(path)}' isn't an archive of the arrays w1, b1, w2, b2: {e.Message}", e);
        }
    }

    /// <summary>Rejects a small file that would take much memory: weights hardly compress, so such a file is probably an attack.</summary>
    private static void CheckExpansionRatio(long fileLength, NetworkShape shape, NpyHeader[] arrays)
    {
        long content = arrays.Sum(array => (long)array.Count * array.ItemSize);

        // The values that are read, the transposed copies, and the network itself, whose outputs are padded.
        long memory = sizeof(float) * (arrays.Sum(array => array.IsTransposed ? 2L * array.Count : array.Count)
            + shape.PaddedParameterCount);
        if (memory > MaxExpandedMemory && content / MaxExpansion > fileLength)
        {
            throw new InvalidDataException(
                $"the arrays have {content} bytes, more than {MaxExpansion} times the file's {fileLength}, and would take {memory} bytes "
                    + $"of memory; " +
                $"beyond {MaxExpandedMemory} that isn't allowed. An archive that isn't compressed (numpy.savez) has no such limit.");
        }
    }

    private static NpyHeader Matrix(ZipArchive archive, string name)
    {
        NpyHeader header = Find(archive, name, NpyHeader.Read, null);
        return header.Shape is [> 0, > 0]
            ? header
            : throw new InvalidDataException($"{name} has the shape ({header.ShapeText}); expected a matrix.");
    }

    private static NpyHeader Vector(ZipArchive archive, string name, int length)
    {
        NpyHeader header = Find(archive, name, NpyHeader.Read, null);
        bool fits = header.Shape is [var count] && count == length || header.Shape is [var rows, 1] && rows == length;
        return fits
            ? header
            : throw new InvalidDataException($"{name} has the shape ({header.ShapeText}); expected ({length},) or ({length}, 1).");
    }

    /// <param name="read">Reads the content of the entry; it gets the length that the archive states, too.</param>
    /// <param name="header">The header of the entry, if the entry is to be read to its end, where the checksum is compared; else
    /// null.</param>
    private static T Find<T>(ZipArchive archive, string name, Func<Stream, long, T> read, NpyHeader? header)
    {
        ZipArchiveEntry entry = archive.GetEntry(name + ".npy")
            ?? throw new InvalidDataException($"there is no array {name}; found: "
                + $"{Shown.List(archive.Entries.Select(found => found.FullName))}.");
        using Stream content = entry.Open();
        using var checkedContent = new Crc32Stream(content);
        try
        {
            if (header is not null)
            {
                NpyHeader.Read(checkedContent, entry.Length);
            }

            T result = read(checkedContent, entry.Length);
            if (header is not null && (checkedContent.ReadByte() >= 0 || checkedContent.Crc32 != entry.Crc32))
            {
                throw new InvalidDataException($"the content doesn't match the archive's checksum {entry.Crc32:x8}: the file is damaged.");
            }

            return result;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
    }
}

/// <summary>A stream that limits how many bytes are read: for readers that allocate memory by the content of a file.</summary>
/// <param name="inner">The stream to read from; seekable, left open.</param>
/// <param name="limit">The number of bytes that may be read until <see cref="EndLimit"/>; bytes that are read twice count twice.</param>
/// <param name="what">A description of these bytes, for the message.</param>
internal sealed class LimitedStream(Stream inner, long limit, string what) : Stream
{
    private long _read;
    private long _limit = limit;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => inner.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    /// <summary>Removes the limit.</summary>
    public void EndLimit() => _limit = long.MaxValue;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        _read += count;
        return _read <= _limit ? count : throw new InvalidDataException($"more than {_limit} bytes were read of {what}.");
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
