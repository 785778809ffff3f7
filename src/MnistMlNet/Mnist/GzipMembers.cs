using System.Buffers.Binary;
using System.IO.Compression;
using MnistMlNet.Primitives;

namespace MnistMlNet.Mnist;

/// <summary>
/// Goes over the members of a gzip file (RFC 1952) as strictly as .NET's <see cref="GZipStream"/> doesn't: that ignores bytes behind the
/// last one, and a last one that is cut within its checksum.
/// </summary>
internal static class GzipMembers
{
    private const byte Deflate = 8;

    private const int TrailerLength = 2 * sizeof(uint);

    /// <summary>What a decompressor is given at once.</summary>
    private const int PartLength = 4096;

    /// <summary>Compressed bytes of a member up to which it may be read byte by byte: 0.1 s for a million.</summary>
    private const int MaxSlowLength = 1 << 20;

    [Flags]
    private enum Flags : byte
    {
        HeaderChecksum = 2,
        Extra = 4,
        Name = 8,
        Comment = 16,
        Reserved = 0xE0,
    }

    /// <summary>Members without content that a file may have. They cost time and memory for nothing; bgzip ends files in one.</summary>
    public const int MaxEmpty = 16;

    /// <summary>Members that a file may have in all.</summary>
    public const int MaxCount = 4096;

    private static ReadOnlySpan<byte> Start => [0x1F, 0x8B, Deflate];

    /// <summary>Whether the file may have too many members without content: a quick look for what all members begin with.</summary>
    /// <param name="file">Stands at the first byte; seekable. Where it stands afterwards isn't defined.</param>
    public static bool MayBeTooMany(Stream file)
    {
        // Compressed content has these three bytes by chance, once in 16 MiB.
        long left = MaxEmpty + (file.Length >> 20);
        byte[] buffer = new byte[1 << 16];
        for (int kept = 0, count; (count = file.Read(buffer, kept, buffer.Length - kept)) > 0;)
        {
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, kept + count);
            left -= bytes.Count(Start);
            if (left < 0)
            {
                return true;
            }

            // They may begin in this part and end in the next.
            kept = Math.Min(Start.Length - 1, bytes.Length);
            bytes[^kept..].CopyTo(buffer);
        }

        return false;
    }

    /// <summary>Checks every member, and that there is nothing else.</summary>
    /// <param name="file">Stands at the first byte; seekable.</param>
    /// <param name="maxContent">The bytes of content after which the file is refused.</param>
    /// <exception cref="InvalidDataException">Something else stands there; the message says what and where.</exception>
    public static void Check(Stream file, long maxContent)
    {
        byte[] buffer = new byte[1 << 16];
        long content = 0;
        int count = 0, emptyCount = 0;
        do
        {
            long start = file.Position;
            long length = CheckMember(file, buffer, maxContent - content);
            content += length;
            emptyCount += length == 0 ? 1 : 0;
            if (++count > MaxCount || emptyCount > MaxEmpty)
            {
                throw new InvalidDataException(
                    $"the gzip member that begins at byte {start} is number {count}, and {emptyCount} have no content; "
                        + $"at most {MaxCount}, and {MaxEmpty} without content, are allowed");
            }
        }
        while (file.Position < file.Length);
    }

    private static long CheckMember(Stream file, byte[] buffer, long maxContent)
    {
        long start = file.Position;
        try
        {
            SkipHeader(file, start);
            long data = file.Position;
            var parts = new PartStream(file, PartLength);
            (uint crc32, long length) = ContentOf(parts, file, buffer, maxContent);
            Span<byte> trailer = stackalloc byte[TrailerLength];
            BinaryPrimitives.WriteUInt32LittleEndian(trailer, crc32);
            BinaryPrimitives.WriteUInt32LittleEndian(trailer[sizeof(uint)..], unchecked((uint)length));
            if (FindTrailer(file, parts.PreviousStart, buffer, trailer) is { } end)
            {
                file.Position = end;
            }
            else if (file.Position - start > MaxSlowLength)
            {
                throw new InvalidDataException(
                    $"the gzip member that begins at byte {start} has its checksum twice near its end, so that the end can't be told");
            }
            else
            {
                file.Position = data;
                CheckSlowly(file, buffer, maxContent, trailer);
            }

            return length;
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"the gzip member that begins at byte {start} is cut short", e);
        }
    }

    /// <summary>Looks for the checksum and length where a decompressor has read last; it doesn't tell how much of that it used.</summary>
    /// <returns>Where the member ends; null where they stand there more than once, as those of equal members do.</returns>
    /// <exception cref="EndOfStreamException">They aren't there.</exception>
    private static long? FindTrailer(Stream file, long from, byte[] buffer, ReadOnlySpan<byte> trailer)
    {
        long readTo = file.Position;
        Span<byte> near = buffer.AsSpan(0, (int)(Math.Min(file.Length, readTo + trailer.Length) - from));
        file.Position = from;
        file.ReadExactly(near);
        file.Position = readTo;
        int first = near.IndexOf(trailer);
        return first < 0 ? throw new EndOfStreamException() : near.LastIndexOf(trailer) == first ? from + first + trailer.Length : null;
    }

    /// <summary>Reads the compressed data byte by byte, so that the file stands where it ends.</summary>
    private static void CheckSlowly(Stream file, byte[] buffer, long maxContent, ReadOnlySpan<byte> trailer)
    {
        ContentOf(new PartStream(file, 1), file, buffer, maxContent);
        Span<byte> found = stackalloc byte[TrailerLength];
        file.ReadExactly(found);
        if (!found.SequenceEqual(trailer))
        {
            throw new InvalidDataException(
                $"checksum and length at byte {file.Position - found.Length} aren't those of the content before them");
        }
    }

    private static (uint Crc32, long Length) ContentOf(PartStream compressed, Stream file, byte[] buffer, long maxContent)
    {
        using var deflate = new DeflateStream(compressed, CompressionMode.Decompress);
        using var content = new Crc32Stream(deflate);
        long length = 0;
        for (int read; (read = content.Read(buffer, 0, buffer.Length)) > 0;)
        {
            length += read;
            if (length > maxContent)
            {
                throw new InvalidDataException($"the content goes on beyond what {file.Length} compressed bytes are believed to hold");
            }
        }

        return (content.Crc32, length);
    }

    private static void SkipHeader(Stream file, long start)
    {
        Span<byte> header = stackalloc byte[10];
        int count = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (count < header.Length || !header.StartsWith(Start) || ((Flags)header[3] & Flags.Reserved) != 0)
        {
            throw new InvalidDataException($"{file.Length - start} bytes from byte {start} of the compressed file on aren't gzip data");
        }

        var flags = (Flags)header[3];
        if (flags.HasFlag(Flags.Extra))
        {
            Span<byte> extra = stackalloc byte[sizeof(ushort)];
            file.ReadExactly(extra);
            file.Position += BinaryPrimitives.ReadUInt16LittleEndian(extra);
        }

        // Two texts that end in 0.
        for (int texts = (flags.HasFlag(Flags.Name) ? 1 : 0) + (flags.HasFlag(Flags.Comment) ? 1 : 0); texts > 0;)
        {
            int value = file.ReadByte();
            texts -= value == 0 ? 1 : 0;
            if (value < 0)
            {
                throw new EndOfStreamException();
            }
        }

        file.Position += flags.HasFlag(Flags.HeaderChecksum) ? sizeof(ushort) : 0;
    }
}

/// <summary>Gives another stream's bytes in small parts: a decompressor stopped within the last two.</summary>
/// <param name="inner">Seekable; left open.</param>
/// <param name="partLength">Bytes to give at once. With 1, the position tells exactly where it stopped.</param>
internal sealed class PartStream(Stream inner, int partLength) : ForwardStream
{
    private long _lastStart = inner.Position;

    /// <summary>Gets where the part before the last one begins. It may have the end: a full buffer of results hides that.</summary>
    public long PreviousStart { get; private set; } = inner.Position;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        (PreviousStart, _lastStart) = (_lastStart, inner.Position);
        return inner.Read(buffer[..Math.Min(partLength, buffer.Length)]);
    }
}
