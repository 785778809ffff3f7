using System.Buffers.Binary;
using System.IO.Compression;
using MnistMlNet.Primitives;

namespace MnistMlNet.Mnist;

/// <summary>
/// Checks the members of a gzip file (RFC 1952) more strictly than .NET's <see cref="GZipStream"/>, which ignores bytes after the last
/// member, and accepts a last member that is truncated within its checksum.
/// </summary>
internal static class GzipMembers
{
    private const byte Deflate = 8;

    private const int TrailerLength = 2 * sizeof(uint);

    /// <summary>The number of bytes that a decompressor gets in one read.</summary>
    private const int PartLength = 4096;

    /// <summary>The maximum compressed length of a member that is read byte by byte, which takes 0.1 s for a million bytes.</summary>
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

    /// <summary>
    /// The maximum number of empty members. They take time and memory without any content; bgzip writes one at the end of a file.
    /// </summary>
    public const int MaxEmpty = 16;

    /// <summary>The maximum number of members of a file.</summary>
    public const int MaxCount = 4096;

    private static ReadOnlySpan<byte> Start => [0x1F, 0x8B, Deflate];

    /// <summary>
    /// Checks quickly whether the file may have too many empty members, by counting the bytes that every member begins with.
    /// </summary>
    /// <param name="file">Positioned at the first byte; seekable. Its position afterwards isn't defined.</param>
    public static bool MayBeTooMany(Stream file)
    {
        // These three bytes also occur by chance in compressed content, on average once in 16 MiB.
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

            // The three bytes may begin in this part of the file and end in the next.
            kept = Math.Min(Start.Length - 1, bytes.Length);
            bytes[^kept..].CopyTo(buffer);
        }

        return false;
    }

    /// <summary>Checks that the file consists of valid gzip members only.</summary>
    /// <param name="file">Positioned at the first byte; seekable.</param>
    /// <param name="maxContent">The maximum length of the content; a file with more is refused.</param>
    /// <exception cref="InvalidDataException">The file has invalid or other data; the message says what and where.</exception>
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

    /// <summary>
    /// Searches for the checksum and length in the bytes that the decompressor read last, since it doesn't report how many of them it used.
    /// </summary>
    /// <returns>The end of the member; null where checksum and length occur more than once, as with two equal members.</returns>
    /// <exception cref="EndOfStreamException">Checksum and length aren't found.</exception>
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

    /// <summary>Reads the compressed data byte by byte, so that the file's position is then the end of the data.</summary>
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

        // Two optional texts, each of which ends with a byte 0.
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

/// <summary>Returns another stream's bytes in small parts, so that the end of the data is within the last two parts read.</summary>
/// <param name="inner">Seekable; left open.</param>
/// <param name="partLength">The maximum number of bytes of one read. With 1, the position is exactly the end of the data.</param>
internal sealed class PartStream(Stream inner, int partLength) : ForwardStream
{
    private long _lastStart = inner.Position;

    /// <summary>
    /// Gets the start of the part before the last one. The data may end there: if the output buffer was full at that moment, the
    /// decompressor has read another part before it reported the end.
    /// </summary>
    public long PreviousStart { get; private set; } = inner.Position;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        (PreviousStart, _lastStart) = (_lastStart, inner.Position);
        return inner.Read(buffer[..Math.Min(partLength, buffer.Length)]);
    }
}
