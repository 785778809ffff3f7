using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace DigitRecognition.Reporting;

/// <summary>Writes small PNG pictures (ISO/IEC 15948) as <c>data:</c> addresses, so that the page needs no file beside it.</summary>
internal static class PngImage
{
    private const byte Grey = 0;
    private const byte Indexed = 3;

    private static readonly uint[] s_crcTable = CrcTable();

    /// <summary>A picture of greys, 0 black to 255 white.</summary>
    public static string OfGreys(ReadOnlySpan<byte> pixels, int width) => DataUri(pixels, width, Grey, [], []);

    /// <summary>A picture whose pixels are indices into <paramref name="palette"/>.</summary>
    public static string OfColours(ReadOnlySpan<byte> pixels, int width, ReadOnlySpan<(byte R, byte G, byte B, byte Alpha)> palette)
    {
        byte[] colours = new byte[3 * palette.Length];
        byte[] alphas = new byte[palette.Length];
        for (int i = 0; i < palette.Length; i++)
        {
            (colours[3 * i], colours[(3 * i) + 1], colours[(3 * i) + 2], alphas[i]) = palette[i];
        }

        return DataUri(pixels, width, Indexed, colours, alphas);
    }

    private static string DataUri(ReadOnlySpan<byte> pixels, int width, byte colourType, byte[] colours, byte[] alphas)
    {
        using MemoryStream png = new();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), pixels.Length / width);
        header[8] = 8; // bits a sample; compression, filter and interlace methods stay 0
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
                zlib.WriteByte(0); // the line isn't filtered
                zlib.Write(pixels.Slice(start, width));
            }
        }

        WriteChunk(png, "IDAT", data.ToArray());
        WriteChunk(png, "IEND", []);
        return "data:image/png;base64," + Convert.ToBase64String(png.GetBuffer(), 0, (int)png.Length);
    }

    private static void WriteChunk(MemoryStream png, string type, byte[] data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, 4 + data.Length)));
        png.Write(chunk);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = s_crcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] CrcTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : 0xEDB88320 ^ (value >> 1);
            }

            table[i] = value;
        }

        return table;
    }
}
