using System.Buffers.Binary;
using System.IO.Compression;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>PNG files built by hand, from the format's specification: signature, then chunks of length, type, content and CRC.</summary>
/// <remarks>Independent of the sample's writer: the test data must not share the writer's mistakes.</remarks>
internal static class PngBytes
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>One byte per pixel, 0 black to 255 white.</summary>
    public static byte[] Grey(int width, int height, byte[] pixels) => Image(width, height, 8, 0, Rows(pixels, width));

    /// <param name="bits">Bits per sample.</param>
    /// <param name="colourType">0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.</param>
    /// <param name="rows">All rows, each after a byte 0 for "not filtered".</param>
    /// <param name="palette">RGB of the palette's colours.</param>
    public static byte[] Image(int width, int height, byte bits, byte colourType, byte[] rows, byte[]? palette = null,
        bool isPacked = false, bool isInterlaced = false)
    {
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, bits, colourType, 0, 0, isInterlaced ? (byte)1 : (byte)0];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        return
        [
            .. Signature, .. Chunk("IHDR"u8, header),
            .. palette is null ? [] : Chunk("PLTE"u8, palette),
            .. Chunk("IDAT"u8, isPacked ? rows : Pack(rows)), .. Chunk("IEND"u8, []),
        ];
    }

    public static byte[] Rows(byte[] bytes, int bytesPerRow) => [.. bytes.Chunk(bytesPerRow).SelectMany(row => row.Prepend((byte)0))];

    public static byte[] Pack(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.SmallestSize))
        {
            zlib.Write(bytes);
        }

        return packed.ToArray();
    }

    public static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32(chunk.AsSpan(4, chunk.Length - 8)));
        return chunk;
    }

    // As in the specification's annex D, bit by bit.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1);
            }
        }

        return ~crc;
    }
}
