using System.Buffers.Binary;
using System.Text;
using DigitPad.Images;
using MnistMlNet.Mnist;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>
/// Damaged PNGs of every colour type, depth and interlace, as DigitPad reads them: an image, or the exception that becomes status 400.
/// </summary>
internal sealed class PngTarget : IFuzzTarget
{
    private const int Width = 9, Height = 7;
    private static readonly (byte Bits, byte ColourType)[] s_forms =
        [(1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2), (1, 3), (2, 3), (4, 3), (8, 3), (8, 4), (16, 4), (8, 6), (16, 6)];

    public string Name => "PNG";

    /// <returns>The file, in most cases with checksums that match the damage, so that the reader gets to it.</returns>
    public FuzzCase Make(Random random)
    {
        (byte bits, byte colourType) = s_forms[random.Next(s_forms.Length)];
        bool interlaced = random.Next(3) == 0;
        int samples = colourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        byte[] header = new byte[13], rows = Rows(random, bits * samples, colourType == 3, interlaced);
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9], header[12]) = (bits, colourType, interlaced ? (byte)1 : (byte)0);
        byte[] palette = new byte[3 * Math.Min(1 << bits, 256)];
        random.NextBytes(palette);

        var mutator = new Mutator(random);
        int damage = random.Next(6);
        byte[] packed = PngBytes.Pack(damage == 0 ? mutator.Mutate(rows, []) : rows);
        List<(string Type, byte[] Content)> chunks =
            [("IHDR", damage == 1 ? mutator.Mutate(header, [new(0, 4), new(4, 4), new(8, 1), new(9, 1), new(12, 1)]) : header)];
        if (colourType == 3)
        {
            // A palette with too few colours is detected last, when a pixel is looked up.
            chunks.Add(("PLTE", damage == 2 ? palette[..(3 * random.Next(palette.Length / 3))] : palette));
            if (random.Next(3) == 0)
            {
                chunks.Add(("tRNS", new byte[random.Next(1, 4)]));
            }
        }

        chunks.Add(("IDAT", damage == 3 ? mutator.Mutate(packed, []) : packed));
        chunks.Add(("IEND", []));
        if (damage == 4)
        {
            int from = random.Next(chunks.Count), to = random.Next(chunks.Count);
            (chunks[from], chunks[to]) = (chunks[to], random.Next(2) == 0 ? chunks[from] : chunks[to]);
        }

        byte[] png = [.. PngBytes.Signature, .. chunks.SelectMany(chunk =>
            PngBytes.Chunk(Encoding.ASCII.GetBytes(chunk.Type), chunk.Content))];
        return new FuzzCase(damage == 5 ? mutator.Mutate(png, []) : png);
    }

    public object Open(FuzzCase file) => PngReader.Read(file.Files[0], ImagePolarity.DarkOnLight);

    public void Inspect(object opened)
    {
        var image = (GreyImage)opened;
        if (image.Width is < 1 or > PngLimits.MaxSide || image.Height is < 1 or > PngLimits.MaxSide
            || image.Pixels.Length != image.Width * image.Height)
        {
            throw new InvalidOperationException($"{image.Pixels.Length} pixels for {image.Width} × {image.Height}.");
        }
    }

    public bool IsRefusal(Exception exception) => exception is InvalidDataException;

    /// <summary>Rows that each have a filter and random pixels; for an interlaced image, the rows of its seven passes.</summary>
    private static byte[] Rows(Random random, int bitsPerPixel, bool isPalette, bool interlaced)
    {
        (int X, int Y, int StepX, int StepY)[] passes = interlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)];
        var rows = new List<byte>();
        foreach ((int startX, int startY, int stepX, int stepY) in passes)
        {
            int columns = Enumerable.Range(0, Width).Count(x => x >= startX && (x - startX) % stepX == 0);
            for (int y = startY; y < Height && columns > 0; y += stepY)
            {
                byte[] row = new byte[1 + (((columns * bitsPerPixel) + 7) / 8)];
                random.NextBytes(row);

                // The sum of filtered indices might exceed the palette, which only the damage should do.
                row[0] = (byte)(isPalette ? 0 : random.Next(5));
                rows.AddRange(row);
            }
        }

        return [.. rows];
    }
}
