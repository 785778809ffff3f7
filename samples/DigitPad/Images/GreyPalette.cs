using System.Buffers.Binary;

namespace DigitPad.Images;

/// <summary>
/// Rewrites a grey PNG of 1, 2 or 4 bits a pixel as one with a palette of the same greys, which means the same. BigGustave decodes only the
/// second form.
/// </summary>
internal static class GreyPalette
{
    private const int HeaderEnd = 8 + 12 + 13;
    private const int ColourTypeAt = 8 + 8 + 9;

    /// <param name="png">A file that <see cref="PngLimits"/> has checked.</param>
    /// <param name="bits">Bits a pixel.</param>
    public static byte[] Add(byte[] png, int bits)
    {
        using MemoryStream rewritten = new();
        byte[] start = png[..HeaderEnd];
        start[ColourTypeAt] = 3;
        BinaryPrimitives.WriteUInt32BigEndian(start.AsSpan(HeaderEnd - 4), PngChecksum.Of(start.AsSpan(12, 17)));
        rewritten.Write(start);
        int count = 1 << bits;
        Write(rewritten, "PLTE"u8, [.. Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat((byte)(i * 255 / (count - 1)), 3))]);
        for (int at = HeaderEnd; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            ReadOnlySpan<byte> type = png.AsSpan(at + 4, 4);

            // A grey image has no palette, and its chunk tRNS, which names one grey, would mean something else with a palette.
            if (!type.SequenceEqual("PLTE"u8) && !type.SequenceEqual("tRNS"u8))
            {
                rewritten.Write(png, at, length + 12);
            }

            at += length + 12;
        }

        return rewritten.ToArray();
    }

    private static void Write(MemoryStream png, ReadOnlySpan<byte> type, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), PngChecksum.Of(chunk.AsSpan(4, content.Length + 4)));
        png.Write(chunk);
    }
}
