using Microsoft.ML.Data;

namespace MnistMlNet.OnnxTests;

/// <summary>A row as tables have it: texts, categories, truth values, integers of every size, and missing numbers.</summary>
internal sealed class MixedRow
{
    private static readonly string[] s_colours = ["red", "blue", "grün", "синий", "light blue", "日本"];

    public string Colour { get; set; } = "";

    [VectorType(3)]
    public string[] Tags { get; set; } = [];

    public float Size { get; set; }

    [VectorType(4)]
    public float[] Shares { get; set; } = [];

    public double Weight { get; set; }

    [VectorType(2)]
    public double[] Pair { get; set; } = [];

    public bool Flag { get; set; }

    public sbyte SByte { get; set; }

    public byte Byte { get; set; }

    public short Int16 { get; set; }

    public ushort UInt16 { get; set; }

    public int Count { get; set; }

    public uint UInt32 { get; set; }

    public long Int64 { get; set; }

    public ulong UInt64 { get; set; }

    [KeyType(5)]
    public uint Key { get; set; }

    public float Target { get; set; }

    /// <summary>Makes rows. Those to test with have categories, numbers and texts that the training rows don't have.</summary>
    public static MixedRow[] Make(int count, int seed, bool areUnknown)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int unknown = areUnknown ? 3 : 0;
            string Word() => random.Next(12 + unknown) switch
            {
                < 10 and var n => s_colours[n % s_colours.Length],
                10 => "",
                11 => "a, b",
                var n => n == 12 ? "violet" : n == 13 ? " red" : "RED",
            };
            float Number() => random.Next(20) == 0 ? float.NaN : (random.NextSingle() - 0.4f) * (areUnknown ? 40 : 20);
            return new MixedRow
            {
                Colour = Word(),
                Tags = [Word(), Word(), Word()],
                Size = Number(),
                Shares = [Number(), random.Next(3), -random.NextSingle(), Number()],
                Weight = random.Next(10) == 0 ? double.NaN : random.Next(-4, 5 + unknown) / 3.0,
                Pair = [Number(), random.Next(3) * 1e10],
                Flag = random.Next(2) == 0,
                SByte = (sbyte)random.Next(-3, 3 + unknown),
                Byte = (byte)random.Next(250, 253 + unknown),
                Int16 = (short)(10_000 * random.Next(-3, 2)),
                UInt16 = (ushort)(9_000 * random.Next(5 + unknown)),
                Count = random.Next(-2, 6 + unknown),
                UInt32 = uint.MaxValue - (500_000_000 * (uint)random.Next(4 + unknown)),
                Int64 = long.MinValue + ((1L << 60) * random.Next(4 + unknown)),
                UInt64 = ulong.MaxValue - ((1UL << 61) * (ulong)random.Next(4 + unknown)),
                Key = (uint)random.Next(6),
                Target = random.NextSingle(),
            };
        })];
    }
}
