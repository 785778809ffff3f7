using System.Buffers.Binary;

namespace MnistMlNet.Tests.Serialization.Npz;

/// <summary>Archives of very many entries: .NET makes an object for each entry as soon as one name is requested.</summary>
public sealed class NpzDirectoryTests : IDisposable
{
    private const int EntryLength = 46;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1_000_000, ushort.MaxValue)]
    [InlineData(1_000_000, 4)]
    [InlineData(1_000_000, 0)]
    public void A_million_entries_are_refused_and_take_little_memory_whatever_count_is_claimed(int entries, ushort claimed)
    {
        string path = _folder.Write("bomb.npz", Directory(entries, claimed));
        long allocated = GC.GetAllocatedBytesForCurrentThread();

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TwoLayerNetworkModelParameters.LoadNpz(path));

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Contains(
            claimed == ushort.MaxValue ? "more than 1048576 bytes were read of the directory at the end of the archive" : path,
            e.Message, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 32 << 20);
    }

    // 10,000 entries with names of four letters are half of what is allowed; NumPy's arrays are found among them, too.
    [Fact]
    public void Ten_thousand_other_arrays_besides_the_four_are_accepted()
    {
        Dictionary<string, byte[]> entries = NpyBytes.Network();
        for (int i = 0; i < 10_000; i++)
        {
            entries.Add($"{i:x4}", []);
        }

        TwoLayerNetworkModelParameters model = TwoLayerNetworkModelParameters.LoadNpz(_folder.Write("many.npz", NpyBytes.Zip(entries)));

        Assert.Equal([7, 8, 9], model.HiddenBiases.ToArray());
    }

    [Fact]
    public void Names_of_other_arrays_are_cut_in_the_message()
    {
        Dictionary<string, byte[]> entries = Enumerable.Range(0, 10)
            .ToDictionary(i => new string((char)('a' + i), 60_000), _ => Array.Empty<byte>());
        string path = _folder.Write("names.npz", NpyBytes.Zip(entries));

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TwoLayerNetworkModelParameters.LoadNpz(path));

        Assert.Contains("there is no array w1; found: aaaa", e.Message, StringComparison.Ordinal);
        Assert.InRange(e.Message.Length, 200, 5_000);
    }

    /// <summary>The end of a zip by PKWARE's APPNOTE.TXT: entries without name or content, then the end record.</summary>
    private static byte[] Directory(int entries, ushort claimed)
    {
        byte[] bytes = new byte[(entries * EntryLength) + 22];
        for (int i = 0; i < entries; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * EntryLength), 0x02014B50);
        }

        Span<byte> end = bytes.AsSpan(entries * EntryLength);
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054B50);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], claimed);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], claimed);
        BinaryPrimitives.WriteInt32LittleEndian(end[12..], entries * EntryLength);
        return bytes;
    }
}
