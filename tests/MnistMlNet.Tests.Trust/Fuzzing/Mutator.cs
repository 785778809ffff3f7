using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>Damages bytes as accidents and attackers do. The same generator gives the same damage.</summary>
internal sealed class Mutator(Random random)
{
    private const int MaxBombBytes = 2 << 20;

    /// <summary>One in this many mutations inserts a long run of zeros: these take more time than all others together.</summary>
    private const int BombRarity = 400;

    private static readonly long[] s_interesting =
    [
        0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 65_537, 1 << 20, (1 << 24) - 1,
        1 << 24, (1 << 24) + 1,
        1 << 28, 1 << 30, int.MaxValue - 1, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32, 1L << 40, long.MaxValue - 1, long.MaxValue,
        -1, -2, -128, -32_768, int.MinValue, long.MinValue, long.MinValue + 1,
        0x7FC00000, 0x7F800000, 0xFF800000, 0x7F7FFFFF, 0x00000001, 0x7FF8000000000000, 0x7FF0000000000000, 0x7FEFFFFFFFFFFFFF,
    ];

    /// <summary>Damages a copy, at one or a few positions.</summary>
    /// <param name="bytes">The content of a valid file.</param>
    /// <param name="fields">The positions of its fields; with none, any range may be one.</param>
    public byte[] Mutate(byte[] bytes, ReadOnlySpan<Field> fields)
    {
        // Mostly one: each further one makes it more likely that the first check already refuses.
        int times = 1;
        while (times < 4 && random.Next(3) == 0)
        {
            times++;
        }

        for (int i = 0; i < times; i++)
        {
            bytes = Once(bytes, fields);
        }

        return bytes;
    }

    /// <summary>
    /// Damages a copy of bytes that end in a SHA-256 of all bytes before it. In most cases the checksum is updated, so that the reader gets
    /// to the damage.
    /// </summary>
    /// <param name="bytes">The content of a valid file.</param>
    /// <param name="fields">The positions of its fields; the last one is the checksum.</param>
    public byte[] MutateHashed(byte[] bytes, ReadOnlySpan<Field> fields)
    {
        if (random.Next(4) == 0)
        {
            return Mutate(bytes, fields);
        }

        byte[] content = Mutate(bytes[..^SHA256.HashSizeInBytes], fields[..^1]);
        return [.. content, .. SHA256.HashData(content)];
    }

    private byte[] Once(byte[] bytes, ReadOnlySpan<Field> fields)
    {
        Field field = Pick(bytes, fields), other = Pick(bytes, fields);
        int end = field.Offset + field.Length;
        if (random.Next(BombRarity) == 0)
        {
            return [.. bytes[..field.Offset], .. new byte[random.Next(MaxBombBytes)], .. bytes[field.Offset..]];
        }

        switch (random.Next(12))
        {
            case 0:
            case 1:
                return FlipBits(bytes, field);
            case 2:
            case 3:
                return Overwrite(bytes, field.Offset, Number(field.Length));
            case 4:
                return Overwrite(bytes, field.Offset, Nearby(bytes, field));
            case 5:
                return Overwrite(bytes, field.Offset, Noise(Math.Min(field.Length, 64)));
            case 6:
                return bytes[..(random.Next(2) == 0 ? field.Offset : random.Next(bytes.Length + 1))];
            case 7:
                return [.. bytes, .. Noise(random.Next(1, 40))];
            case 8:
                return [.. bytes[..field.Offset], .. bytes[end..]];
            case 9:
                return [.. bytes[..end], .. bytes[field.Offset..]];
            case 10:
                return Swap(bytes, field, other);
            default:
                return [.. bytes[..field.Offset], .. Noise(random.Next(1, 9)), .. bytes[field.Offset..]];
        }
    }

    /// <summary>A field that is still within the bytes, which earlier mutations may have shortened.</summary>
    private Field Pick(byte[] bytes, ReadOnlySpan<Field> fields)
    {
        if (bytes.Length == 0)
        {
            return default;
        }

        Field field = fields.IsEmpty || random.Next(8) == 0
            ? new Field(random.Next(bytes.Length), random.Next(1, 9))
            : fields[random.Next(fields.Length)];
        int offset = Math.Min(field.Offset, bytes.Length - 1);
        return new Field(offset, Math.Min(field.Length, bytes.Length - offset));
    }

    private byte[] FlipBits(byte[] bytes, Field field)
    {
        byte[] flipped = [.. bytes];
        for (int i = random.Next(1, 4); i > 0 && field.Length > 0; i--)
        {
            flipped[field.Offset + random.Next(field.Length)] ^= (byte)(1 << random.Next(8));
        }

        return flipped;
    }

    /// <summary>A boundary value, in either byte order.</summary>
    private byte[] Number(int length)
    {
        byte[] bytes = new byte[sizeof(long)];
        long value = s_interesting[random.Next(s_interesting.Length)];
        int size = Math.Min(length, sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        byte[] number = bytes[..size];
        if (random.Next(2) == 0)
        {
            Array.Reverse(number);
        }

        return number;
    }

    /// <summary>The current number with a small change, or doubled: a wrong length that is nearly right.</summary>
    private byte[] Nearby(byte[] bytes, Field field)
    {
        if (field.Length is not (1 or 2 or 4 or 8))
        {
            return Number(field.Length);
        }

        byte[] number = bytes[field.Offset..(field.Offset + field.Length)];
        int lowest = random.Next(2) == 0 ? 0 : number.Length - 1;
        number[lowest] = unchecked(
            (byte)(random.Next(3) switch { 0 => number[lowest] + 1, 1 => number[lowest] - 1, _ => number[lowest] * 2 }));
        return number;
    }

    private byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }

    private static byte[] Overwrite(byte[] bytes, int offset, byte[] by)
    {
        byte[] changed = [.. bytes];
        by.AsSpan(0, Math.Min(by.Length, changed.Length - offset)).CopyTo(changed.AsSpan(offset));
        return changed;
    }

    private static byte[] Swap(byte[] bytes, Field one, Field other)
    {
        (Field first, Field second) = one.Offset <= other.Offset ? (one, other) : (other, one);
        int firstEnd = Math.Min(first.Offset + first.Length, second.Offset), secondEnd = second.Offset + second.Length;
        return [.. bytes[..first.Offset], .. bytes[second.Offset..secondEnd], .. bytes[firstEnd..second.Offset],
            .. bytes[first.Offset..firstEnd], .. bytes[secondEnd..]];
    }
}
