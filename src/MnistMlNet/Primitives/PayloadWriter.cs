using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MnistMlNet.Primitives;

/// <summary>Writes the fields of a payload, little-endian, and hashes them.</summary>
internal sealed class PayloadWriter(Stream stream, IncrementalHash hash)
{
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        stream.Write(bytes);
    }

    public void Byte(byte value) => Bytes([value]);

    public void Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Bytes(bytes);
    }

    public void Int64(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        Bytes(bytes);
    }

    public void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    public void Text(string value)
    {
        byte[] bytes = SavedText.Encode(value, "The text");
        Int32(bytes.Length);
        Bytes(bytes);
    }

    public void Singles(ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            Bytes(MemoryMarshal.AsBytes(values));
            return;
        }

        foreach (float value in values)
        {
            Int32(BitConverter.SingleToInt32Bits(value));
        }
    }
}
