using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Npz;

/// <summary>One array in NumPy's .npy format (NEP 1), versions 1 to 3, of 32- or 64-bit floats.</summary>
/// <param name="Shape">The lengths of the dimensions.</param>
/// <param name="Values">The values, row-major.</param>
internal sealed record NpyArray(int[] Shape, float[] Values)
{
    /// <summary>NumPy pads the header so that the values start at a multiple of this.</summary>
    private const int Alignment = 64;

    internal static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

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
        LittleEndian.Write(stream, values);
    }

    /// <summary>Reads the values that follow a header.</summary>
    /// <param name="trustedSize">The bytes that may be allocated before any are read; more are allocated only as values are read.</param>
    public static NpyArray Read(Stream stream, NpyHeader header, long trustedSize)
    {
        // Read in chunks, so that an entry with less content than its header announces takes no more memory than its content.
        const int chunkValues = 1 << 14;
        int count = header.Count, size = header.ItemSize, done = 0;
        byte[] chunk = new byte[Math.Min(count, chunkValues) * size];
        float[] values = new float[(int)Math.Min(count, Math.Max(trustedSize / sizeof(float), chunkValues))];
        while (done < count)
        {
            if (done == values.Length)
            {
                Array.Resize(ref values, (int)Math.Min(count, 2L * done));
            }

            int here = Math.Min(Math.Min(values.Length - done, chunkValues), count - done);
            Span<byte> bytes = chunk.AsSpan(0, here * size);
            stream.ReadExactly(bytes);
            for (int at = 0; at < bytes.Length; at += size)
            {
                ReadOnlySpan<byte> word = bytes[at..];
                values[done++] = (header.IsDouble, header.IsBigEndian) switch
                {
                    (false, false) => BinaryPrimitives.ReadSingleLittleEndian(word),
                    (false, true) => BinaryPrimitives.ReadSingleBigEndian(word),
                    (true, false) => (float)BinaryPrimitives.ReadDoubleLittleEndian(word),
                    (true, true) => (float)BinaryPrimitives.ReadDoubleBigEndian(word),
                };
            }
        }

        return new NpyArray(header.Shape, header.IsTransposed ? Transpose(values, header.Shape[0], header.Shape[1]) : values);
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
}

/// <summary>The header of a .npy file: all that must be known before memory for its values is allocated.</summary>
/// <param name="Shape">The lengths of the one or two dimensions.</param>
/// <param name="IsDouble">Whether the values are 64-bit floats, not 32-bit ones.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
/// <param name="IsFortran">Whether the values are in column-major order.</param>
internal sealed partial record NpyHeader(int[] Shape, bool IsDouble, bool IsBigEndian, bool IsFortran)
{
    private const int MaxHeaderLength = 10_000;

    /// <summary>Gets the number of values.</summary>
    public int Count => (int)CountOf(Shape);

    /// <summary>Gets the bytes of one value.</summary>
    public int ItemSize => IsDouble ? sizeof(double) : sizeof(float);

    public bool IsTransposed => IsFortran && Shape.Length == 2;

    public string ShapeText => Shown.Text(string.Join(", ", Shape));

    /// <param name="length">The length in bytes that the archive states for the file; it may be wrong.</param>
    public static NpyHeader Read(Stream stream, long length)
    {
        int magicLength = NpyArray.Magic.Length;
        Span<byte> start = stackalloc byte[magicLength + 2];
        stream.ReadExactly(start);
        if (!start[..magicLength].SequenceEqual(NpyArray.Magic))
        {
            throw new InvalidDataException("the file doesn't begin with \\x93NUMPY.");
        }

        int version = start[magicLength];
        if (version is < 1 or > 3)
        {
            throw new InvalidDataException($"the version at byte 6 is {version}; 1 to 3 are supported.");
        }

        Span<byte> lengthBytes = stackalloc byte[version == 1 ? sizeof(ushort) : sizeof(uint)];
        stream.ReadExactly(lengthBytes);
        uint headerLength = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (headerLength > MaxHeaderLength)
        {
            throw new InvalidDataException($"the header length at byte 8 is {headerLength}; at most {MaxHeaderLength} are allowed, as "
                + $"in NumPy.");
        }

        byte[] headerBytes = new byte[headerLength];
        stream.ReadExactly(headerBytes);
        string text = Encoding.UTF8.GetString(headerBytes);
        (bool isDouble, bool isBigEndian) = ElementType(Field(DescrPattern(), text, "descr"));
        bool isFortran = Field(OrderPattern(), text, "fortran_order") == "True";
        var header = new NpyHeader(ParseShape(Field(ShapePattern(), text, "shape")), isDouble, isBigEndian, isFortran);
        long count = CountOf(header.Shape), found = length - start.Length - lengthBytes.Length - headerLength;
        if (count > NetworkShape.MaxParameterCount || found != count * header.ItemSize)
        {
            throw new InvalidDataException($"{found} bytes of values follow the header; the shape ({header.ShapeText}) needs "
                + $"{count * header.ItemSize}.");
        }

        return header;
    }

    private static long CountOf(int[] shape) => shape.Aggregate(1L, (count, dimension) => count * dimension);

    private static (bool IsDouble, bool IsBigEndian) ElementType(string descr) => descr switch
    {
        "<f4" or "=f4" => (false, false),
        "<f8" or "=f8" => (true, false),
        ">f4" => (false, true),
        ">f8" => (true, true),
        _ => throw new InvalidDataException($"the element type is '{Shown.Text(descr)}'; expected float32 ('<f4') or float64 ('<f8')."),
    };

    private static string Field(Regex pattern, string header, string name)
    {
        Match match = pattern.Match(header);
        return match.Success ? match.Groups[1].Value
            : throw new InvalidDataException($"the header has no valid '{name}': {Shown.Text(header.Trim())}");
    }

    private static int[] ParseShape(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] shape = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]) || shape[i] > NetworkShape.MaxCount)
            {
                throw new InvalidDataException($"the shape ({Shown.Text(text)}) has a dimension that isn't 0 to {NetworkShape.MaxCount}.");
            }
        }

        return shape.Length is 1 or 2 ? shape
            : throw new InvalidDataException($"the shape ({Shown.Text(text)}) has {shape.Length} dimensions; expected 1 or 2.");
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex DescrPattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9, ]*)\)")]
    private static partial Regex ShapePattern();
}
