using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Tests.Reporting;

public sealed class PngImageTests
{
    [Fact]
    public void A_grey_picture_holds_its_pixels_line_by_line_behind_a_filter_byte()
    {
        Dictionary<string, byte[]> chunks = Chunks(PngImage.OfGreys([1, 2, 3, 4, 5, 6], width: 3));

        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Keys);
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0], chunks["IHDR"]);
        Assert.Equal([0, 1, 2, 3, 0, 4, 5, 6], Inflate(chunks["IDAT"]));
    }

    [Fact]
    public void A_coloured_picture_holds_its_palette_and_its_transparency()
    {
        Dictionary<string, byte[]> chunks = Chunks(PngImage.OfColours([1, 0], width: 1, [(10, 20, 30, 0), (40, 50, 60, 255)]));

        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 2, 8, 3, 0, 0, 0], chunks["IHDR"]);
        Assert.Equal([10, 20, 30, 40, 50, 60], chunks["PLTE"]);
        Assert.Equal([0, 255], chunks["tRNS"]);
        Assert.Equal([0, 1, 0, 0], Inflate(chunks["IDAT"]));
    }

    [Fact]
    public void An_address_holds_the_bytes_in_base_64() =>
        Assert.Equal("data:image/png;base64,AQID/w==", PngImage.Address([1, 2, 3, 255]));

    [Fact]
    public void A_weight_of_0_is_the_middle_colour_and_the_limits_are_the_ends()
    {
        Assert.Equal([0, 0, 24, 36, 48, 48],
            new float[] { -9, -2, 0, 1, 2, 9 }.Select(weight => (int)WeightColours.IndexOf(weight, limit: 2)));
    }

    [Fact]
    public void The_checksum_of_a_chunk_is_that_of_its_type_and_content()
    {
        // From Python: zlib.crc32(b"IHDR" + bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])) = 0x3A7E9B55
        Assert.Equal(0x3A7E9B55u, BinaryPrimitives.ReadUInt32BigEndian(PngImage.OfGreys([0], width: 1).AsSpan(8 + 8 + 13)));
    }

    // The checksum of IEND, which has no data, is the same in every PNG file: AE 42 60 82.
    private static Dictionary<string, byte[]> Chunks(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        Assert.Equal([0xAE, 0x42, 0x60, 0x82], png[^4..]);

        Dictionary<string, byte[]> chunks = [];
        for (int start = 8; start < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(start));
            chunks.Add(Encoding.ASCII.GetString(png, start + 4, 4), png[(start + 8)..(start + 8 + length)]);
            start += 12 + length;
        }

        return chunks;
    }

    private static byte[] Inflate(byte[] data)
    {
        using ZLibStream zlib = new(new MemoryStream(data), CompressionMode.Decompress);
        using MemoryStream content = new();
        zlib.CopyTo(content);
        return content.ToArray();
    }
}
