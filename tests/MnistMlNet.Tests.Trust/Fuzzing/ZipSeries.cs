using System.Buffers.Binary;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>Zips (PKWARE APPNOTE 4.3) whose directory announces many more entries than there is content, or long texts with each.</summary>
internal static class ZipSeries
{
    private const int EndLength = 22;
    private const int DirectoryEntryLength = 46;
    private const int Zip64EndLength = 56;
    private const int MostText = ushort.MaxValue;

    private static readonly string[] s_names = ["", "x", "w1.npy", "w1"];

    /// <summary>Makes a zip with the entries of another, and additional ones without content.</summary>
    /// <param name="zip">A zip without a comment.</param>
    public static byte[] Make(Random random, byte[] zip)
    {
        ReadOnlySpan<byte> end = zip.AsSpan(zip.Length - EndLength);
        int length = BinaryPrimitives.ReadInt32LittleEndian(end[12..]), offset = BinaryPrimitives.ReadInt32LittleEndian(end[16..]);
        ushort entries = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        bool isWhole = random.Next(3) != 0;                                        // otherwise the required arrays are missing
        byte[] directory = isWhole ? zip[offset..(offset + length)] : [];

        // Many entries with little content, or a few with texts of the maximum length.
        bool isLong = random.Next(3) == 0;
        byte[] entry = Entry(
            isLong && random.Next(2) == 0 ? new string('x', MostText) : s_names[random.Next(s_names.Length)],
            isLong && random.Next(2) == 0 ? MostText : 0, isLong ? MostText : 0);
        int more = isLong ? random.Next(1, 300) : (int)Math.Pow(1 << 20, Math.Sqrt(random.NextDouble()));
        using var made = new MemoryStream();
        made.Write(zip, 0, offset);
        bool areFirst = random.Next(2) == 0;
        made.Write(areFirst ? [] : directory);
        for (int i = 0; i < more; i++)
        {
            made.Write(entry);
        }

        made.Write(areFirst ? directory : []);
        WriteEnd(made, (isWhole ? entries : 0) + more, offset);
        return made.ToArray();
    }

    /// <summary>One entry of the directory: stored, empty, its local header at byte 0.</summary>
    private static byte[] Entry(string name, int extraLength, int commentLength)
    {
        byte[] entry = new byte[DirectoryEntryLength + name.Length + extraLength + commentLength];
        "PK\u0001\u0002"u8.CopyTo(entry);
        entry[4] = entry[6] = 20;
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(28), (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(30), (ushort)extraLength);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(32), (ushort)commentLength);
        System.Text.Encoding.ASCII.GetBytes(name).CopyTo(entry, DirectoryEntryLength);
        return entry;
    }

    /// <summary>
    /// The end of the directory in its 64-bit form, which more than 65,534 entries need, and the 16-bit one that points to it.
    /// </summary>
    private static void WriteEnd(MemoryStream made, long entries, long directory)
    {
        long at = made.Position;
        Span<byte> end = stackalloc byte[Zip64EndLength + 20 + EndLength];
        "PK\u0006\u0006"u8.CopyTo(end);
        BinaryPrimitives.WriteInt64LittleEndian(end[4..], Zip64EndLength - 12);
        end[12] = end[14] = 45;
        BinaryPrimitives.WriteInt64LittleEndian(end[24..], entries);
        BinaryPrimitives.WriteInt64LittleEndian(end[32..], entries);
        BinaryPrimitives.WriteInt64LittleEndian(end[40..], at - directory);
        BinaryPrimitives.WriteInt64LittleEndian(end[48..], directory);
        Span<byte> locator = end[Zip64EndLength..];
        "PK\u0006\u0007"u8.CopyTo(locator);
        BinaryPrimitives.WriteInt64LittleEndian(locator[8..], at);
        locator[16] = 1;
        Span<byte> last = locator[20..];
        "PK\u0005\u0006"u8.CopyTo(last);
        last[8..20].Fill(0xFF);
        made.Write(end);
    }
}
