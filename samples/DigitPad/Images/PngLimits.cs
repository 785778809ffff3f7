using System.Buffers.Binary;
using System.IO.Compression;

namespace DigitPad.Images;

/// <summary>
/// Unpacks a PNG after checks, because a few bytes may announce, or decompress to, gigabytes. Errors say in plain words what is
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
    /// <exception cref="InvalidDataException">The file isn't a supported PNG; the message continues a sentence that begins with "the image
    /// ".</exception>
    public static PngContent Check(byte[] png, PixelBudget budget)
    {
        if (!png.AsSpan().StartsWith(s_signature))
        {
            throw new InvalidDataException(png.Length == 0 ? "is empty." : "doesn't begin with the eight bytes of a PNG's signature.");
        }

        PngHeader? header = null;
        byte[] palette = [], transparency = [];
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
                palette = Palette(content, palette);
            }
            else if (type.SequenceEqual("tRNS"u8))
            {
                transparency = content.ToArray();
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

        CheckColours(header, palette.Length / PaletteEntryLength, transparency.Length);
        packed.Position = 0;
        return new PngContent(header, palette, transparency, Unpack(packed, header.UnpackedLength()));
    }

    private static void CheckColours(PngHeader header, int colours, int transparencies)
    {
        if (header.IsPalette)
        {
            if (colours == 0 || transparencies > colours)
            {
                throw new InvalidDataException(
                    colours == 0 ? "has no palette; its colour type 3 needs one."
                        : $"has {transparencies} transparencies for a palette of {colours} colours.");
            }
        }
        else if (transparencies > 0 && (header.Samples is 2 or 4 || transparencies != 2 * header.Samples))
        {
            throw new InvalidDataException(
                $"has a transparent colour of {transparencies} bytes, which colour type {header.ColourType} can't have.");
        }
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

    private static byte[] Palette(ReadOnlySpan<byte> palette, byte[] before)
    {
        if (before.Length > 0)
        {
            throw new InvalidDataException("has two palettes.");
        }

        return palette.Length % PaletteEntryLength == 0 && palette.Length / PaletteEntryLength is >= 1 and <= 256
            ? palette.ToArray()
            : throw new InvalidDataException($"has a palette of {palette.Length} bytes; 1 to 256 colours of 3 bytes are possible.");
    }

    private static byte[] Unpack(MemoryStream packed, int wanted)
    {
        byte[] rows = new byte[wanted], more = new byte[1];
        int total = 0;
        using ZLibStream unpacked = new(packed, CompressionMode.Decompress);
        while (total < wanted && Read(unpacked, rows.AsSpan(total)) is int read and > 0)
        {
            total += read;
        }

        return total < wanted ? throw new InvalidDataException($"unpacks to {total} bytes; its size needs {wanted}.")
            : Read(unpacked, more) > 0
                ? throw new InvalidDataException($"unpacks to more than the {wanted} bytes that its size allows.")
                : rows;
    }

    private static int Read(ZLibStream unpacked, Span<byte> buffer)
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
