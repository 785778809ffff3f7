using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MnistMlNet.Primitives;

/// <summary>Reads the fields of a payload. Every length is checked against the remaining bytes before memory is allocated for it.</summary>
/// <remarks>Errors name the field, its position, the value found and the value expected.</remarks>
internal sealed class PayloadReader(Stream stream, IncrementalHash hash)
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Gets the number of remaining bytes.</summary>
    public long Remaining => stream.Length - stream.Position;

    public void Require(string field, long byteCount)
    {
        if (byteCount > Remaining)
        {
            throw new InvalidDataException($"{field} at byte {stream.Position} needs {byteCount} bytes; {Remaining} are left.");
        }
    }

    public ReadOnlySpan<byte> Bytes(int count, string field)
    {
        Require(field, count);
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        hash.AppendData(bytes);
        return bytes;
    }

    /// <param name="largest">The values 0 to this one are valid.</param>
    public byte Byte(string field, byte largest = byte.MaxValue)
    {
        long position = stream.Position;
        byte value = Bytes(1, field)[0];
        return value <= largest ? value : throw OutOfRange(field, position, value, 0, largest);
    }

    public int Int32(string field, int least, int largest)
    {
        long position = stream.Position;
        int value = BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int), field));
        return value >= least && value <= largest ? value : throw OutOfRange(field, position, value, least, largest);
    }

    public long Int64(string field, long least, long largest = long.MaxValue)
    {
        long position = stream.Position;
        long value = BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long), field));
        return value >= least && value <= largest ? value : throw OutOfRange(field, position, value, least, largest);
    }

    public double Double(string field) => BinaryPrimitives.ReadDoubleLittleEndian(Bytes(sizeof(double), field));

    public string Text(string field)
    {
        int length = Int32(field + " length", 0, SavedText.MaxBytes);
        long position = stream.Position;
        try
        {
            return s_strictUtf8.GetString(Bytes(length, field));
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"{field} at byte {position} isn't valid UTF-8.", e);
        }
    }

    /// <summary>Reads floats, all of which must be finite.</summary>
    public float[] Singles(string field, long count)
    {
        Require(field, checked(count * sizeof(float)));
        if (count > Array.MaxLength)
        {
            throw new InvalidDataException($"{field} has {count} values; at most {Array.MaxLength} are possible.");
        }

        long position = stream.Position;
        // Uninitialized memory is safe: all of it is filled below, or reading throws.
        float[] values = GC.AllocateUninitializedArray<float>((int)count);
        Singles(field, values);

        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new InvalidDataException(
                    $"{field}[{i}] at byte {position + (long)i * sizeof(float)} is {values[i].ToString(CultureInfo.InvariantCulture)}; "
                        + $"expected a finite number.");
            }
        }

        return values;
    }

    /// <summary>Reads floats of any value.</summary>
    public void Singles(string field, Span<float> values)
    {
        Require(field, (long)values.Length * sizeof(float));
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        stream.ReadExactly(bytes);
        hash.AppendData(bytes);
        if (!BitConverter.IsLittleEndian)
        {
            Span<int> words = MemoryMarshal.Cast<float, int>(values);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }

    private static InvalidDataException OutOfRange(string field, long position, long value, long least, long largest) =>
        new($"{field} is {value} at byte {position}; it must be {least} to {largest}.");
}

/// <summary>Floats in the byte order of all our files.</summary>
internal static class LittleEndian
{
    /// <summary>Writes floats, without a copy on a little-endian machine.</summary>
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
