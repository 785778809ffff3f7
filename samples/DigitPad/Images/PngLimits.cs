using System.Buffers.Binary;
using System.IO.Compression;

namespace DigitPad.Images;

/// <summary>Looks a PNG over before it is decoded: a few bytes may announce, or unpack to, gigabytes.</summary>
internal static class PngLimits
{
    /// <summary>Longest side, in pixels.</summary>
    public const int MaxSide = 1024;

    private const int HeaderLength = 13;
    private const int ChunkOverhead = 12;
    private static readonly byte[] s_signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <param name="png">The file.</param>
    /// <param name="pixelsLeft">Pixels that it may have, beside the limit of its sides.</param>
    /// <exception cref="InvalidDataException">It isn't a PNG that may be decoded; the message goes on from "the image ".</exception>
    public static void Check(byte[] png, long pixelsLeft)
    {
        if (!png.AsSpan().StartsWith(s_signature))
        {
            throw new InvalidDataException("doesn't begin with the eight bytes of a PNG's signature.");
        }

        long mostBytes = 0;
        using MemoryStream packed = new();
        for (int at = s_signature.Length; at < png.Length;)
        {
            uint length = png.Length - at < ChunkOverhead ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (length > png.Length - at - ChunkOverhead)
            {
                throw new InvalidDataException($"is cut short in the chunk at byte {at}.");
            }

            ReadOnlySpan<byte> type = png.AsSpan(at + 4, 4), content = png.AsSpan(at + 8, (int)length);
            if (at == s_signature.Length)
            {
                mostBytes = CheckHeader(type, content, pixelsLeft);
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                packed.Write(content);
            }

            at += ChunkOverhead + (int)length;
        }

        packed.Position = 0;
        CheckUnpacked(packed, mostBytes);
    }

    /// <summary>The most bytes that the pixels can unpack to.</summary>
    private static long CheckHeader(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content, long pixelsLeft)
    {
        if (!type.SequenceEqual("IHDR"u8) || content.Length != HeaderLength)
        {
            throw new InvalidDataException("has no header of 13 bytes as its first chunk.");
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(content), height = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        if (width is 0 or > MaxSide || height is 0 or > MaxSide)
        {
            throw new InvalidDataException($"is {width} × {height} pixels; 1 × 1 to {MaxSide} × {MaxSide} are wanted.");
        }

        if ((long)width * height > pixelsLeft)
        {
            throw new InvalidDataException($"is {width} × {height} pixels, more than the {pixelsLeft} that are left for this request; send fewer or smaller images.");
        }

        int bits = content[8], samples = content[9] switch { 0 or 3 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
        if (bits is not (1 or 2 or 4 or 8) || samples == 0)
        {
            throw new InvalidDataException($"has {bits} bits a sample and colour type {content[9]}; 1, 2, 4 or 8 bits and type 0, 2, 3, 4 or 6 are wanted.");
        }

        // A byte a row says how it is filtered. An interlaced image has more, shorter rows: twice as much is enough for it.
        return 2 * height * (1 + (((long)width * bits * samples) + 7) / 8);
    }

    private static int Read(ZLibStream unpacked, byte[] buffer)
    {
        try
        {
            return unpacked.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException("has pixels that can't be unpacked.", e);
        }
    }

    private static void CheckUnpacked(MemoryStream packed, long mostBytes)
    {
        byte[] buffer = new byte[1 << 14];
        long total = 0;
        using ZLibStream unpacked = new(packed, CompressionMode.Decompress);
        while (Read(unpacked, buffer) is int read and > 0)
        {
            total += read;
            if (total > mostBytes)
            {
                throw new InvalidDataException($"unpacks to more than the {mostBytes} bytes that its size allows.");
            }
        }
    }
}
