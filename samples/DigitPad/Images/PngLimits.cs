using System.Buffers.Binary;
using System.IO.Compression;

namespace DigitPad.Images;

/// <summary>
/// Checks a PNG before it is decoded, because a few bytes may announce, or decompress to, gigabytes. Errors say in plain words what is
/// wrong.
/// </summary>
internal static class PngLimits
{
    /// <summary>Longest side, in pixels.</summary>
    public const int MaxSide = 1024;

    private const int ChunkOverhead = 12;
    private const int PaletteEntryLength = 3;
    private static readonly byte[] s_signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <param name="png">The file.</param>
    /// <param name="budget">The budget that the announced pixels are taken from, before anything is decompressed.</param>
    /// <returns>The header, and the number of colours of the palette: 0 where there is none.</returns>
    /// <exception cref="InvalidDataException">The file isn't a supported PNG; the message continues a sentence that begins with "the image
    /// ".</exception>
    public static (PngHeader Header, int Colours) Check(byte[] png, PixelBudget budget)
    {
        if (!png.AsSpan().StartsWith(s_signature))
        {
            throw new InvalidDataException("doesn't begin with the eight bytes of a PNG's signature.");
        }

        PngHeader? header = null;
        int colours = 0, transparencies = 0;
        bool hasEnded = false;
        using MemoryStream packed = new();
        for (int at = s_signature.Length; at < png.Length;)
        {
            if (hasEnded)
            {
                throw new InvalidDataException($"has {png.Length - at} bytes after its end at byte {at}.");
            }

            ReadOnlySpan<byte> chunk = Chunk(png, at), type = chunk.Slice(4, 4), content = chunk[8..^4];
            if (header is null)
            {
                header = PngHeader.Read(type, content);
                budget.Pay(header.Width, header.Height);
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                packed.Write(content);
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                colours = Colours(content, colours);
            }
            else if (type.SequenceEqual("tRNS"u8))
            {
                transparencies = content.Length;
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                hasEnded = true;
            }
            else if (char.IsAsciiLetterUpper((char)type[0]))
            {
                // An upper-case first letter marks a chunk that a reader must understand (PNG specification, 5.4).
                throw new InvalidDataException($"has a chunk at byte {at} that is unknown, or not allowed at this position.");
            }

            at += chunk.Length;
        }

        if (header is null || !hasEnded)
        {
            throw new InvalidDataException("has no end chunk.");
        }

        if (header.IsPalette && (colours == 0 || transparencies > colours))
        {
            throw new InvalidDataException(
                colours == 0 ? "has no palette; its colour type 3 needs one."
                    : $"has {transparencies} transparencies for a palette of {colours} colours.");
        }

        packed.Position = 0;
        CheckUnpacked(packed, header.UnpackedLength());
        return (header, colours);
    }

    /// <summary>The complete chunk, with its length, type and checksum.</summary>
    private static ReadOnlySpan<byte> Chunk(byte[] png, int at)
    {
        uint length = png.Length - at < ChunkOverhead ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
        if (length > png.Length - at - ChunkOverhead)
        {
            throw new InvalidDataException($"is cut short in the chunk at byte {at}.");
        }

        ReadOnlySpan<byte> chunk = png.AsSpan(at, ChunkOverhead + (int)length);
        return PngChecksum.Of(chunk[4..^4]) == BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..])
            ? chunk
            : throw new InvalidDataException($"has a wrong checksum in the chunk at byte {at}.");
    }

    private static int Colours(ReadOnlySpan<byte> palette, int before)
    {
        if (before > 0)
        {
            throw new InvalidDataException("has two palettes.");
        }

        return palette.Length % PaletteEntryLength == 0 && palette.Length / PaletteEntryLength is >= 1 and <= 256 and int colours
            ? colours
            : throw new InvalidDataException($"has a palette of {palette.Length} bytes; 1 to 256 colours of 3 bytes are possible.");
    }

    private static void CheckUnpacked(MemoryStream packed, long wanted)
    {
        byte[] buffer = new byte[1 << 14];
        long total = 0;
        using ZLibStream unpacked = new(packed, CompressionMode.Decompress);
        while (Read(unpacked, buffer) is int read and > 0)
        {
            total += read;
            if (total > wanted)
            {
                throw new InvalidDataException($"unpacks to more than the {wanted} bytes that its size allows.");
            }
        }

        if (total < wanted)
        {
            throw new InvalidDataException($"unpacks to {total} bytes; its size needs {wanted}.");
        }
    }

    private static int Read(ZLibStream unpacked, byte[] buffer)
    {
        try
        {
            return unpacked.Read(buffer);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // .NET's ZLibException, thrown for example where the data asks for a preset dictionary, is an IOException.
            throw new InvalidDataException("has pixels that can't be unpacked.", e);
        }
    }
}
