using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Npz;

/// <summary>What stands before the values of a .npy file: all that must be known before memory is taken for them.</summary>
/// <param name="Shape">The lengths of its one or two dimensions.</param>
/// <param name="IsDouble">Whether the values are 64-bit floats, not 32-bit ones.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
/// <param name="IsFortran">Whether the first index runs fastest.</param>
internal sealed partial record NpyHeader(int[] Shape, bool IsDouble, bool IsBigEndian, bool IsFortran)
{
    private const int MaxHeaderLength = 10_000;

    /// <summary>Gets the number of values.</summary>
    public int Count => (int)CountOf(Shape);

    /// <summary>Gets the bytes of one value.</summary>
    public int ItemSize => IsDouble ? sizeof(double) : sizeof(float);

    public bool IsTransposed => IsFortran && Shape.Length == 2;

    public string ShapeText => Shown.Text(string.Join(", ", Shape));

    /// <param name="length">The bytes that the file claims to have; not believed before they have been read.</param>
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
            throw new InvalidDataException($"the version at byte 6 is {version}; 1 to 3 are known.");
        }

        Span<byte> lengthBytes = stackalloc byte[version == 1 ? sizeof(ushort) : sizeof(uint)];
        stream.ReadExactly(lengthBytes);
        uint headerLength = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (headerLength > MaxHeaderLength)
        {
            throw new InvalidDataException($"the header length at byte 8 is {headerLength}; at most {MaxHeaderLength} are allowed, as "
                + $"NumPy has it.");
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
        _ => throw new InvalidDataException($"the element type is '{Shown.Text(descr)}'; float32 ('<f4') or float64 ('<f8') is wanted."),
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
            : throw new InvalidDataException($"the shape ({Shown.Text(text)}) has {shape.Length} dimensions; 1 or 2 are wanted.");
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex DescrPattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9, ]*)\)")]
    private static partial Regex ShapePattern();
}
