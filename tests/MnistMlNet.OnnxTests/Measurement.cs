using Microsoft.ML.Data;

namespace MnistMlNet.OnnxTests;

/// <summary>A row of scalars and a vector, as in a table; the label in every type that a key can have.</summary>
internal sealed class Measurement
{
    public float Length { get; set; }

    public float Width { get; set; }

    [VectorType(3)]
    public float[] Colour { get; set; } = [];

    public string Text { get; set; } = "";

    public int Int32 { get; set; }

    public long Int64 { get; set; }

    public short Int16 { get; set; }

    public ushort UInt16 { get; set; }

    public uint UInt32 { get; set; }

    public ulong UInt64 { get; set; }

    public byte Byte { get; set; }

    public sbyte SByte { get; set; }

    public float Single { get; set; }

    public double Double { get; set; }

    public bool Boolean { get; set; }

    /// <summary>Makes rows of 3 classes (2 by <see cref="Boolean"/>) that differ in all columns.</summary>
    public static Measurement[] Rows(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(i => (Class: i % 3, Noise: random.NextSingle())).Select(row => new Measurement
        {
            Length = 100 * row.Class + 40 * row.Noise,
            Width = -0.01f * row.Class + 0.004f * row.Noise,
            Colour = [row.Noise, 1 - row.Noise, row.Class == 2 ? 1 : 0],
            Text = new[] { "rouge", "grün", "синий" }[row.Class],
            Int32 = 10 - row.Class,
            Int64 = long.MaxValue - row.Class,
            Int16 = (short)(-300 - row.Class),
            UInt16 = (ushort)(60_000 + row.Class),
            UInt32 = uint.MaxValue - (uint)row.Class,
            UInt64 = ulong.MaxValue - (ulong)row.Class,
            Byte = (byte)(200 + row.Class),
            SByte = (sbyte)(-100 + row.Class),
            Single = 0.5f + row.Class,
            Double = Math.PI * row.Class,
            Boolean = row.Class > 0,
        })];
    }
}
