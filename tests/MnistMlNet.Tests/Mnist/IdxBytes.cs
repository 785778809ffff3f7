using System.Buffers.Binary;
using System.IO.Compression;

namespace MnistMlNet.Tests.Mnist;

/// <summary>IDX files built by hand, from the format's page: big-endian numbers, then bytes.</summary>
internal static class IdxBytes
{
    public static byte[] Images(int count, int rows, int columns, params byte[] pixels) => Bytes([2051, count, rows, columns], pixels);

    public static byte[] Labels(params byte[] labels) => Bytes([2049, labels.Length], labels);

    public static byte[] Bytes(int[] numbers, params byte[] body)
    {
        var bytes = new byte[(numbers.Length * 4) + body.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * 4), numbers[i]);
        }

        body.CopyTo(bytes, numbers.Length * 4);
        return bytes;
    }

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }
}
