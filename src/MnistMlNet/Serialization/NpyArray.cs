using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using MnistMlNet.Network;

namespace MnistMlNet.Serialization;

/// <summary>One array in NumPy's .npy format (NEP 1), versions 1 to 3, of 32- or 64-bit floats.</summary>
/// <param name="Shape">The lengths of its dimensions.</param>
/// <param name="Values">Row-major.</param>
internal sealed partial record NpyArray(int[] Shape, float[] Values)
{
    private const int MaxHeaderLength = 10_000;

    /// <summary>NumPy pads the header so that the values start at a multiple of this.</summary>
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static void Write(Stream stream, ReadOnlySpan<float> values, int[] shape)
    {
        string dimensions = shape.Length == 1 ? shape[0].ToString(CultureInfo.InvariantCulture) + "," : string.Join(", ", shape);
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({dimensions}), }}";
        int before = Magic.Length + 2 + sizeof(ushort);
        int padded = (before + header.Length + 1 + Alignment - 1) / Alignment * Alignment - before;
        byte[] bytes = new byte[before + padded];
        Magic.CopyTo(bytes);
        bytes[Magic.Length] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(Magic.Length + 2), (ushort)padded);
        Encoding.ASCII.GetBytes((header.PadRight(padded - 1) + "\n").AsSpan(), bytes.AsSpan(before));
        stream.Write(bytes);
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

    /// <param name="length">The bytes that the file claims to have; not believed before they have been read.</param>
    public static NpyArray Read(Stream stream, long length)
    {
        Span<byte> start = stackalloc byte[Magic.Length + 2];
        stream.ReadExactly(start);
        if (!start[..Magic.Length].SequenceEqual(Magic))
        {
            throw new InvalidDataException("the file doesn't begin with \\x93NUMPY.");
        }

        int version = start[Magic.Length];
        if (version is < 1 or > 3)
        {
            throw new InvalidDataException($"the version at byte 6 is {version}; 1 to 3 are known.");
        }

        Span<byte> lengthBytes = stackalloc byte[version == 1 ? sizeof(ushort) : sizeof(uint)];
        stream.ReadExactly(lengthBytes);
        uint headerLength = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes) : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (headerLength > MaxHeaderLength)
        {
            throw new InvalidDataException($"the header length at byte 8 is {headerLength}; at most {MaxHeaderLength} are allowed, as NumPy has it.");
        }

        byte[] headerBytes = new byte[headerLength];
        stream.ReadExactly(headerBytes);
        string header = Encoding.UTF8.GetString(headerBytes);
        (bool isDouble, bool isBigEndian) = ElementType(Field(DescrPattern(), header, "descr"));
        bool isFortran = Field(OrderPattern(), header, "fortran_order") == "True";
        int[] shape = ParseShape(Field(ShapePattern(), header, "shape"));
        long count = 1;
        foreach (int dimension in shape)
        {
            count = checked(count * dimension);
        }

        int size = isDouble ? sizeof(double) : sizeof(float);
        long found = length - start.Length - lengthBytes.Length - headerLength;
        if (count > NetworkShape.MaxParameterCount || found != count * size)
        {
            throw new InvalidDataException($"{found} bytes of values follow the header; the shape ({string.Join(", ", shape)}) needs {count * size}.");
        }

        float[] values = ReadValues(stream, (int)count, isDouble, isBigEndian);
        return new NpyArray(shape, isFortran && shape.Length == 2 ? Transpose(values, shape[0], shape[1]) : values);
    }

    private static float[] ReadValues(Stream stream, int count, bool isDouble, bool isBigEndian)
    {
        // Read piece by piece, so that an entry that claims more than it holds costs no more memory than it holds.
        const int pieceValues = 1 << 16;
        int size = isDouble ? sizeof(double) : sizeof(float);
        byte[] piece = new byte[Math.Min(count, pieceValues) * size];
        var values = new List<float>(Math.Min(count, pieceValues));
        while (values.Count < count)
        {
            Span<byte> bytes = piece.AsSpan(0, Math.Min(count - values.Count, pieceValues) * size);
            stream.ReadExactly(bytes);
            for (int at = 0; at < bytes.Length; at += size)
            {
                ReadOnlySpan<byte> word = bytes[at..];
                values.Add((isDouble, isBigEndian) switch
                {
                    (false, false) => BinaryPrimitives.ReadSingleLittleEndian(word),
                    (false, true) => BinaryPrimitives.ReadSingleBigEndian(word),
                    (true, false) => (float)BinaryPrimitives.ReadDoubleLittleEndian(word),
                    (true, true) => (float)BinaryPrimitives.ReadDoubleBigEndian(word),
                });
            }
        }

        return [.. values];
    }

    private static float[] Transpose(float[] values, int rows, int columns)
    {
        float[] transposed = new float[values.Length];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                transposed[r * columns + c] = values[c * rows + r];
            }
        }

        return transposed;
    }

    private static (bool IsDouble, bool IsBigEndian) ElementType(string descr) => descr switch
    {
        "<f4" or "=f4" => (false, false),
        "<f8" or "=f8" => (true, false),
        ">f4" => (false, true),
        ">f8" => (true, true),
        _ => throw new InvalidDataException($"the element type is '{descr}'; float32 ('<f4') or float64 ('<f8') is wanted."),
    };

    private static string Field(Regex pattern, string header, string name)
    {
        Match match = pattern.Match(header);
        return match.Success ? match.Groups[1].Value : throw new InvalidDataException($"the header has no valid '{name}': {header.Trim()}");
    }

    private static int[] ParseShape(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] shape = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]) || shape[i] > NetworkShape.MaxCount)
            {
                throw new InvalidDataException($"the shape ({text}) has a dimension that isn't 0 to {NetworkShape.MaxCount}.");
            }
        }

        return shape.Length is 1 or 2 ? shape : throw new InvalidDataException($"the shape ({text}) has {shape.Length} dimensions; 1 or 2 are wanted.");
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex DescrPattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9, ]*)\)")]
    private static partial Regex ShapePattern();
}
