using System.IO.Compression;
using System.Text;
using MnistMlNet.Tests.Serialization.Model;
using MnistMlNet.Tests.Trust.Fuzzing;

namespace MnistMlNet.Tests.Serialization.Npz;

/// <summary>.npy files and .npz archives written by hand from NEP 1, and an independent reader of what we write.</summary>
internal static class NpyBytes
{
    /// <param name="shape">As Python writes it: <c>"(3, 2)"</c>, <c>"(3,)"</c>.</param>
    public static byte[] Make(string descr, string shape, byte[] data, bool fortran = false, int version = 1)
    {
        string header = $"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}";
        int before = version == 1 ? 10 : 12;
        header = header.PadRight((before + header.Length + 1 + 63) / 64 * 64 - before - 1) + "\n";
        byte[] length = version == 1 ? [(byte)header.Length, (byte)(header.Length >> 8)] : PayloadBytes.Int32(header.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. Encoding.Latin1.GetBytes(header), .. data];
    }

    public static byte[] Float32(string shape, params float[] values) => Make("<f4", shape, [.. values.SelectMany(PayloadBytes.Single)]);

    /// <summary>The arrays of a 2-3-2 network, in C order and float32; tests replace or remove single ones.</summary>
    public static Dictionary<string, byte[]> Network() => new()
    {
        ["w1.npy"] = Float32("(3, 2)", 1, 2, 3, 4, 5, 6),
        ["b1.npy"] = Float32("(3,)", 7, 8, 9),
        ["w2.npy"] = Float32("(2, 3)", -1, -2, -3, -4, -5, -6),
        ["b2.npy"] = Float32("(2,)", -7, -8),
    };

    public static byte[] Zip(IEnumerable<KeyValuePair<string, byte[]>> entries,
        CompressionLevel compression = CompressionLevel.NoCompression) =>
        NpzTarget.Zip(entries.Select(entry => (entry.Key, entry.Value)), compression);

    /// <summary>Reads one .npy file strictly by the specification; gives its header, a Python dictionary, and its float32 values.</summary>
    public static (string Header, float[] Values) Parse(byte[] npy)
    {
        Assert.Equal([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0], npy[..8]);
        int headerLength = npy[8] | npy[9] << 8;
        Assert.Equal(0, (10 + headerLength) % 64);
        string header = Encoding.ASCII.GetString(npy, 10, headerLength);
        Assert.EndsWith("\n", header, StringComparison.Ordinal);
        byte[] data = npy[(10 + headerLength)..];
        Assert.Equal(0, data.Length % 4);
        return (header.TrimEnd(), [.. Enumerable.Range(0, data.Length / 4).Select(i => BitConverter.Int32BitsToSingle(
            data[4 * i] | data[4 * i + 1] << 8 | data[4 * i + 2] << 16 | data[4 * i + 3] << 24))]);
    }
}
