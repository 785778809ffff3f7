using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MnistMlNet.Reporting.Html;

/// <summary>Makes small PNG pictures (ISO/IEC 15948).</summary>
internal static class PngImage
{
    private const byte Grey = 0;
    private const byte Indexed = 3;

    /// <summary>A picture of greys, 0 black to 255 white.</summary>
    public static byte[] OfGreys(ReadOnlySpan<byte> pixels, int width) => Make(pixels, width, Grey, [], []);

    /// <summary>A picture whose pixels are indices into <paramref name="palette"/>.</summary>
    public static byte[] OfColours(ReadOnlySpan<byte> pixels, int width, ReadOnlySpan<(byte R, byte G, byte B, byte Alpha)> palette)
    {
        byte[] colours = new byte[3 * palette.Length];
        byte[] alphas = new byte[palette.Length];
        for (int i = 0; i < palette.Length; i++)
        {
            (colours[3 * i], colours[(3 * i) + 1], colours[(3 * i) + 2], alphas[i]) = palette[i];
        }

        return Make(pixels, width, Indexed, colours, alphas);
    }

    /// <summary>A <c>data:</c> URI that holds the picture, so that the page needs no other file.</summary>
    public static string Address(byte[] png) => "data:image/png;base64," + Convert.ToBase64String(png);

    private static byte[] Make(ReadOnlySpan<byte> pixels, int width, byte colourType, byte[] colours, byte[] alphas)
    {
        using MemoryStream png = new();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), pixels.Length / width);
        header[8] = 8; // bits per sample; compression, filter and interlace methods stay 0
        header[9] = colourType;
        WriteChunk(png, "IHDR", header);
        if (colours.Length > 0)
        {
            WriteChunk(png, "PLTE", colours);
            WriteChunk(png, "tRNS", alphas);
        }

        using MemoryStream data = new();
        using (ZLibStream zlib = new(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int start = 0; start < pixels.Length; start += width)
            {
                zlib.WriteByte(0); // the row isn't filtered
                zlib.Write(pixels.Slice(start, width));
            }
        }

        WriteChunk(png, "IDAT", data.ToArray());
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    private static void WriteChunk(MemoryStream png, string type, byte[] data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk, 4, 4 + data.Length));
        png.Write(chunk);
    }

    // CRC-32 of PNG, bit by bit: the pictures are small.
    private static uint Crc(byte[] bytes, int start, int count)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes.AsSpan(start, count))
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
