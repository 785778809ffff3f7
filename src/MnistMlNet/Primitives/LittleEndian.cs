using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MnistMlNet.Primitives;

/// <summary>Floats in the byte order that all our files have.</summary>
internal static class LittleEndian
{
    /// <summary>Writes floats, without a copy where the machine has the same order.</summary>
    public static void Write(Stream stream, ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        Span<byte> word = stackalloc byte[sizeof(float)];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(word, value);
            stream.Write(word);
        }
    }
}
