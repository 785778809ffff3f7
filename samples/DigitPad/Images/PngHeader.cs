using System.Buffers.Binary;

namespace DigitPad.Images;

/// <summary>The content of a PNG's first chunk, after the check that its size and form are supported.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Bits">Bits a sample: 1, 2, 4 or 8.</param>
/// <param name="ColourType">0 grey, 2 colour, 3 palette, 4 grey and opacity, 6 colour and opacity.</param>
/// <param name="IsInterlaced">Whether the pixels are in seven passes.</param>
internal sealed record PngHeader(int Width, int Height, int Bits, int ColourType, bool IsInterlaced)
{
    private const int Length = 13;

    /// <summary>
    /// First column, first row, and the steps between columns and rows, of the seven passes of Adam7 (specification, 8.2).
    /// </summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] s_passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public bool IsPalette => ColourType == 3;

    /// <summary>Samples a pixel.</summary>
    public int Samples { get; } = SamplesOf(ColourType);

    public int BitsPerPixel => Bits * Samples;

    /// <exception cref="InvalidDataException">The form is not supported; the message continues a sentence that begins with "the image
    /// ".</exception>
    public static PngHeader Read(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        if (!type.SequenceEqual("IHDR"u8) || content.Length != Length)
        {
            throw new InvalidDataException("has no header of 13 bytes as its first chunk.");
        }

        const int max = PngLimits.MaxSide;
        uint width = BinaryPrimitives.ReadUInt32BigEndian(content), height = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        if (width is 0 or > max || height is 0 or > max)
        {
            throw new InvalidDataException($"is {width} × {height} pixels.");
        }

        int bits = content[8], colourType = content[9];
        int samples = SamplesOf(colourType);
        if (samples == 0 || !(bits == 8 || (samples == 1 && bits is 1 or 2 or 4)))
        {
            throw new InvalidDataException(
                $"has {bits} bits a sample and colour type {colourType}; 8 bits and type 0, 2, 3, 4 or 6, or 1, 2 or 4 bits and type 0 or "
                    + $"3, are expected.");
        }

        return content[10] == 0 && content[11] == 0 && content[12] <= 1
            ? new PngHeader((int)width, (int)height, bits, colourType, content[12] == 1)
            : throw new InvalidDataException(
                $"has compression {content[10]}, filter {content[11]} and interlace {content[12]}; 0, 0 and 0 or 1 are expected.");
    }

    /// <summary>The passes with at least one pixel, in the order of the file.</summary>
    public IEnumerable<PngPass> Passes() =>
        from pass in IsInterlaced ? s_passes : [(0, 0, 1, 1)]
        let columns = (Width - pass.X + pass.StepX - 1) / pass.StepX
        let rows = (Height - pass.Y + pass.StepY - 1) / pass.StepY
        where columns > 0 && rows > 0
        select new PngPass(pass.X, pass.Y, pass.StepX, pass.StepY, columns, rows);

    /// <summary>The length of a row in bytes, without the byte that names its filter.</summary>
    public int BytesOfRow(int columns) => ((columns * BitsPerPixel) + 7) / 8;

    /// <summary>The number of bytes that the pixels decompress to.</summary>
    public int UnpackedLength() => Passes().Sum(pass => pass.Rows * (1 + BytesOfRow(pass.Columns)));

    private static int SamplesOf(int colourType) => colourType switch { 0 or 3 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
}
