using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Data;
using MnistMlNet.Primitives;
using MnistMlNet.Serialization.Model;

namespace MnistMlNet.Tests.Serialization.Model;

/// <summary>The bytes are those of docs/model-format.md.</summary>
public sealed class LabelSerializerTests
{
    public static TheoryData<string, byte[]> Bytes => new()
    {
        { "sbyte", [3, .. Int64s(-128, 0, 127)] },
        { "byte", [4, .. Int64s(0, 7, 255)] },
        { "short", [5, .. Int64s(-32768, 0, 32767)] },
        { "ushort", [6, .. Int64s(0, 7, 65535)] },
        { "int", [7, .. Int64s(int.MinValue, 0, int.MaxValue)] },
        { "uint", [8, .. Int64s(0, 7, uint.MaxValue)] },
        { "long", [9, .. Int64s(long.MinValue, 0, long.MaxValue)] },
        { "ulong", [10, .. Int64s(0, 7, -1)] },
        { "float", [11, .. Doubles(-1.5, 0.1f, float.MaxValue)] },
        { "double", [12, .. Doubles(-1.5, 0.1, double.MaxValue)] },
        { "DateTime", [13, .. Int64s(0, 637185764967890000, 3155378975999999999)] },
        { "DateTimeOffset", [14, .. Int64s(0, 0, 637185764967890000, -198000000000, 3155378975999999999, 0)] },
        { "TimeSpan", [15, .. Int64s(long.MinValue, 1, long.MaxValue)] },
        { "bool", [2, 0, 1] },
        { LabelKinds.Text, [1, .. PayloadBytes.Text("one"), .. PayloadBytes.Text("two"), .. PayloadBytes.Text("drei")] },
        { LabelKinds.NoKeyValues, [0] },
    };

    /// <summary>The kind, the bytes of the first of two values, and words of the expected error.</summary>
    public static TheoryData<byte, byte[], string[]> OutOfRange => new()
    {
        { 2, [2, 0], ["labelValue is 2", "0 to 1"] },
        { 3, [.. Int64s(128, 0)], ["labelValue is 128", "-128 to 127"] },
        { 3, [.. Int64s(-129, 0)], ["labelValue is -129"] },
        { 4, [.. Int64s(256, 0)], ["labelValue is 256"] },
        { 5, [.. Int64s(32768, 0)], ["labelValue is 32768"] },
        { 6, [.. Int64s(-1, 0)], ["labelValue is -1"] },
        { 7, [.. Int64s(2147483648, 0)], ["labelValue is 2147483648"] },
        { 8, [.. Int64s(4294967296, 0)], ["labelValue is 4294967296"] },
        { 13, [.. Int64s(-1, 0)], ["labelValue is -1"] },
        { 13, [.. Int64s(3155378976000000000, 0)], ["labelValue is 3155378976000000000"] },
        { 14, [.. Int64s(0, 1, 0, 0)], ["labelValue", "isn't a valid time"] },
        { 14, [.. Int64s(0, long.MaxValue, 0, 0)], ["labelValue is 9223372036854775807"] },
        { 15, [.. Int64s(0)], ["labelValues", "needs 16 bytes; 8 are left"] },
    };

    [Theory]
    [MemberData(nameof(Bytes))]
    public void Write_KeyValuesOfAnyType_GivesTheFormatsBytes(string kind, byte[] expected)
    {
        using var stream = new MemoryStream();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        LabelSerializer.Write(new PayloadWriter(stream, hash),
            ClassLabels.From(LabelKinds.View(new MLContext(seed: 1), kind).Schema["Label"]));

        Assert.Equal(expected, stream.ToArray());
    }

    [Theory]
    [MemberData(nameof(Bytes))]
    public void Read_TheFormatsBytes_GivesKeyValuesAndType(string kind, byte[] bytes)
    {
        DataViewSchema.Column label = LabelKinds.View(new MLContext(seed: 1), kind).Schema["Label"];
        ClassLabels? expected = ClassLabels.From(label);

        ClassLabels? actual = Read(bytes, (int)((KeyDataViewType)label.Type).Count);

        Assert.Equal(expected?.ItemType, actual?.ItemType);
        Assert.Equal(expected?.Texts.ToArray(), actual?.Texts.ToArray());
        Assert.Equal(kind == LabelKinds.Text ? null : expected?.Values, kind == LabelKinds.Text ? null : actual?.Values);
    }

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Read_ValueThatTheTypeDoesNotHave_IsRefused(byte kind, byte[] values, string[] words)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Read([kind, .. values], classCount: 2));

        Assert.All(words, word => Assert.Contains(word, e.Message, StringComparison.Ordinal));
    }

    private static ClassLabels? Read(byte[] bytes, int classCount)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        return LabelSerializer.Read(new PayloadReader(new MemoryStream(bytes), hash), classCount);
    }

    private static IEnumerable<byte> Int64s(params long[] values) => values.SelectMany(PayloadBytes.Int64);

    private static IEnumerable<byte> Doubles(params double[] values) => values.SelectMany(PayloadBytes.Double);
}
