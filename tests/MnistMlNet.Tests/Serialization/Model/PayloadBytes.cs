using System.Security.Cryptography;
using System.Text;

namespace MnistMlNet.Tests.Serialization.Model;

/// <summary>
/// A payload written by hand from docs/model-format.md: a 2-1-2 network with text labels, one epoch and a search of two candidates. Each
/// field can be replaced by any bytes.
/// </summary>
internal sealed class PayloadBytes
{
    private readonly List<(string Field, byte[] Bytes)> _fields =
    [
        ("magic", [0x54, 0x4C, 0x4E, 0x4E, 0x0D, 0x0A, 0x1A, 0x0A]),
        ("formatVersion", Int32(1)),
        ("task", [0]),
        ("inputCount", Int32(2)),
        ("hiddenUnits", Int32(1)),
        ("outputCount", Int32(2)),
        ("activation", [1]),
        ("link", [0]),
        ("featureColumnName", Text("Größe")),
        ("labelKind", [1]),
        ("labelValues", [.. Text("ja"), .. Text("nein")]),
        ("isVector", [0]),
        ("outputNameCount", Int32(0)),
        ("outputNames", []),
        ("hiddenWeights", [.. Single(0.5f), .. Single(-0.25f)]),
        ("hiddenBiases", Single(0.1f)),
        ("outputWeights", [.. Single(2), .. Single(-1)]),
        ("outputBiases", [.. Single(0.3f), .. Single(0)]),
        ("thresholdCount", Int32(0)),
        ("thresholds", []),
        ("stopReason", [1]),
        ("stopDescription", Text("enough")),
        ("rowsTrained", Int64(10_000_000_000)),
        ("rowsSkipped", Int64(3)),
        ("batchSize", Int32(64)),
        ("bestEpoch", Int32(1)),
        ("epochCount", Int32(1)),
        ("epochs", [.. Int32(1), .. Double(0.5), .. Double(0.75), .. Double(double.NaN), .. Double(double.NaN), .. Single(0.01f),
            .. Int64(TimeSpan.TicksPerSecond), 0,
            .. Double(double.NaN), .. Double(double.NaN), .. Double(double.NaN), .. Double(double.NaN)]),
        ("optionCount", Int32(1)),
        ("options", [.. Text("HiddenUnits"), .. Text("1")]),
        ("candidateCount", Int32(2)),
        ("foldCount", Int32(5)),
        ("searchRowCount", Int32(300)),
        ("chosenCandidate", Int32(1)),
        ("candidates", [.. Double(0.1), .. Double(double.PositiveInfinity), .. Double(1), .. Double(0.75)]),
    ];

    /// <summary>Gets the names of the fields, in order.</summary>
    public IEnumerable<string> Fields => _fields.Select(entry => entry.Field);

    /// <summary>
    /// Gets or sets a value indicating whether the checksum is computed from the current fields, so that only the field itself is wrong.
    /// </summary>
    public bool RightChecksum { get; set; } = true;

    public byte[] this[string field]
    {
        get => _fields[IndexOf(field)].Bytes;
        set => _fields[IndexOf(field)] = (field, value);
    }

    public static byte[] Int32(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)];

    public static byte[] Int64(long value) => [.. Int32((int)value), .. Int32((int)(value >> 32))];

    public static byte[] Single(float value) => Int32(BitConverter.SingleToInt32Bits(value));

    public static byte[] Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    public static byte[] Text(string value) => [.. Int32(Encoding.UTF8.GetByteCount(value)), .. Encoding.UTF8.GetBytes(value)];

    /// <summary>The position at which a field begins.</summary>
    public int Offset(string field) => _fields.Take(IndexOf(field)).Sum(before => before.Bytes.Length);

    public byte[] ToArray()
    {
        byte[] content = [.. _fields.SelectMany(field => field.Bytes)];
        return [.. content, .. RightChecksum ? SHA256.HashData(content) : new byte[32]];
    }

    private int IndexOf(string field) => _fields.FindIndex(entry => entry.Field == field) is >= 0 and var index
        ? index
        : throw new ArgumentOutOfRangeException(nameof(field), field, "The format has no such field.");
}
