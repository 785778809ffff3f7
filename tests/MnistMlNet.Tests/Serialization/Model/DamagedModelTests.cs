using Microsoft.ML;

namespace MnistMlNet.Tests.Serialization.Model;

/// <summary>A saved zip whose payload was damaged; <see cref="ModelFormatTests"/> damages every field of the payload itself.</summary>
public sealed class DamagedModelTests
{
    private const int HeaderThroughLink = 10 + 4 * sizeof(int) + 1;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly byte[] _zip;

    public DamagedModelTests()
    {
        IDataView data = Examples.Keyed(_mlContext, Examples.Rows(30));
        _zip = SavedZip.Save(_mlContext, Examples.Trainer(_mlContext).Fit(data), data.Schema);
    }

    /// <summary>The position in the payload, the new bytes, and words of the error.</summary>
    public static TheoryData<int, byte[], string> Patches => new()
    {
        { -8, PayloadBytes.Int64(7), "payloadLength is 7" },
        { -8, PayloadBytes.Int64(-1), "payloadLength is -1" },
        { -8, PayloadBytes.Int64(long.MaxValue), "payloadLength is 9223372036854775807" },
        { 0, "PKNN"u8.ToArray(), "magic" },
        { 8, PayloadBytes.Int32(3), "version 3" },
        { 13, PayloadBytes.Int32(0), "inputCount is 0" },
        { 13, PayloadBytes.Int32(int.MaxValue), "inputCount is 2147483647" },
        { 13, PayloadBytes.Int32(1 << 24), "needs" },
        { 17, PayloadBytes.Int32(0), "hiddenUnits is 0" },
        { 17, PayloadBytes.Int32(1 << 24), "needs" },
        { 21, PayloadBytes.Int32(1), "outputCount is 1" },
        { 21, PayloadBytes.Int32(1 << 24), "needs" },
        { 12, [9], "task is 9" },
        { 25, [9], "activation is 9" },
        { 26, [9], "link is 9" },
        { HeaderThroughLink, PayloadBytes.Int32(int.MaxValue), "featureColumnName length is 2147483647" },
        { HeaderThroughLink + 4, [0xFF], "featureColumnName" },
        { HeaderThroughLink + 4 + 8, [99], "labelKind is 99" },
        { 50, PayloadBytes.Single(float.NaN), "" },
        { 80, [0x55, 0xAA, 0x55, 0xAA], "" },
        { 120, [0x55, 0xAA, 0x55, 0xAA], "" },
    };

    [Theory]
    [MemberData(nameof(Patches))]
    public void A_damaged_field_is_refused_by_name_without_a_huge_allocation(int offset, byte[] bytes, string words) =>
        AssertRefused(SavedZip.Damage(_zip, (entry, payload) =>
            [.. entry[..(payload + offset)], .. bytes, .. entry[(payload + offset + bytes.Length)..]]), words);

    [Fact]
    public void An_entry_that_is_cut_short_anywhere_is_refused()
    {
        int payloadLength = SavedZip.Payload(_zip).Length;

        for (int length = 0; length < payloadLength - 8; length += 7)
        {
            AssertRefused(SavedZip.Damage(_zip, (entry, payload) => entry[..(payload + length)]), "");
        }
    }

    [Fact]
    public void The_undamaged_zip_that_was_taken_apart_and_put_together_loads() =>
        Assert.NotNull(SavedZip.Load(_mlContext, SavedZip.Damage(_zip, (entry, _) => entry)));

    private static void AssertRefused(byte[] zip, string words)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        Exception e = Record.Exception(() => SavedZip.Load(new MLContext(seed: 1), zip));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        List<Exception> chain = [];
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            chain.Add(inner);
        }

        Assert.Contains(chain, inner =>
            inner is InvalidDataException or FormatException && inner.Message.Contains(words, StringComparison.Ordinal));
    }
}
