using System.Buffers.Binary;
using System.IO.Compression;
using MnistMlNet.Primitives;

namespace MnistMlNet.Mnist;

/// <summary>Goes over the members of a gzip file (RFC 1952) as strictly as .NET's <see cref="GZipStream"/> doesn't: that ignores bytes behind the last one, and a last one that is cut within its checksum.</summary>
internal static class GzipMembers
{
    private const byte Deflate = 8;

    [Flags]
    private enum Flags : byte
    {
        HeaderChecksum = 2,
        Extra = 4,
        Name = 8,
        Comment = 16,
        Reserved = 0xE0,
    }

    /// <summary>Checks every member, and that there is nothing else.</summary>
    /// <param name="file">Stands at the first byte; seekable.</param>
    /// <exception cref="InvalidDataException">Something else stands there; the message says what and where.</exception>
    public static void Check(Stream file)
    {
        do
        {
            CheckMember(file);
        }
        while (file.Position < file.Length);
    }

    private static void CheckMember(Stream file)
    {
        long start = file.Position;
        try
        {
            SkipHeader(file, start);
            (uint crc32, uint length) = ContentOf(file);
            Span<byte> trailer = stackalloc byte[2 * sizeof(uint)];
            file.ReadExactly(trailer);
            if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) != crc32 || BinaryPrimitives.ReadUInt32LittleEndian(trailer[sizeof(uint)..]) != length)
            {
                throw new InvalidDataException($"checksum and length at byte {file.Position - trailer.Length} aren't those of the content before them");
            }
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"the gzip member that begins at byte {start} is cut short", e);
        }
    }

    private static void SkipHeader(Stream file, long start)
    {
        Span<byte> header = stackalloc byte[10];
        int count = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (count < header.Length || header[0] != 0x1F || header[1] != 0x8B || header[2] != Deflate || ((Flags)header[3] & Flags.Reserved) != 0)
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

    private static (uint Crc32, uint Length) ContentOf(Stream file)
    {
        using var deflate = new DeflateStream(new SingleByteStream(file), CompressionMode.Decompress);
        using var content = new Crc32Stream(deflate);
        byte[] buffer = new byte[1 << 16];
        uint length = 0;
        for (int count; (count = content.Read(buffer, 0, buffer.Length)) > 0;)
        {
            length = unchecked(length + (uint)count);
        }

        return (content.Crc32, length);
    }
}

/// <summary>Gives another stream's bytes one by one, so that its position tells exactly where a decompressor stopped.</summary>
/// <param name="inner">Left open.</param>
internal sealed class SingleByteStream(Stream inner) : ForwardStream
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => inner.Read(buffer[..Math.Min(1, buffer.Length)]);
}
