using System.IO.Compression;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>Valid gzip files of many members (RFC 1952); a reader has to start again at each.</summary>
internal static class GzipSeries
{
    /// <summary>20 MB of empty members.</summary>
    private const int MostEmptyMembers = 1 << 20;

    private static readonly byte[] s_empty = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Makes a file with the content among empty members, or in pieces, or compressed several times.</summary>
    public static byte[] Make(Random random, byte[] content)
    {
        switch (random.Next(5))
        {
            case 0:
                return [.. Empty(random), .. Compress(content)];
            case 1:
                return [.. Compress(content), .. Empty(random)];
            case 2:
                int middle = random.Next(content.Length);
                return [.. Compress(content[..middle]), .. Empty(random), .. Compress(content[middle..])];
            case 3:
                return [.. content.SelectMany(piece => Compress([piece]))];
            default:
                byte[] nested = content;
                for (int i = random.Next(2, 50); i > 0; i--)
                {
                    nested = Compress(nested);
                }

                return nested;
        }
    }

    public static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    /// <summary>Empty members, few as often as many.</summary>
    private static byte[] Empty(Random random)
    {
        byte[] members = new byte[(int)Math.Pow(MostEmptyMembers, random.NextDouble()) * s_empty.Length];
        for (int at = 0; at < members.Length; at += s_empty.Length)
        {
            s_empty.CopyTo(members, at);
        }

        return members;
    }
}
