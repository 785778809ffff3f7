using System.Buffers.Binary;
using MnistMlNet.Mnist;

namespace DigitPad.Images;

/// <summary>Decodes the pixels of a PNG, as its specification (third edition, sections 7 to 11) describes.</summary>
internal sealed class PngDecoder(PngContent png, ImagePolarity ink)
{
    private readonly PngHeader _header = png.Header;
    private readonly int _mask = (1 << png.Header.Bits) - 1;

    /// <exception cref="InvalidDataException">A row has an unknown filter, or a pixel an unknown colour; the message continues a sentence
    /// that begins with "the image ".</exception>
    public GreyImage Decode()
    {
        byte[] pixels = new byte[_header.Width * _header.Height];
        Span<byte> rows = png.Rows;
        foreach (PngPass pass in _header.Passes())
        {
            int length = _header.BytesOfRow(pass.Columns);
            ReadOnlySpan<byte> above = new byte[length];
            for (int y = 0; y < pass.Rows; y++)
            {
                Span<byte> row = rows.Slice(1, length);
                Unfilter(rows[0], row, above, Math.Max(1, _header.BitsPerPixel / 8));
                int at = ((pass.Y + (y * pass.StepY)) * _header.Width) + pass.X;
                for (int x = 0; x < pass.Columns; x++)
                {
                    pixels[at + (x * pass.StepX)] = Pixel(row, x);
                }

                above = row;
                rows = rows[(1 + length)..];
            }
        }

        return new GreyImage(pixels, _header.Width, _header.Height);
    }

    // A filter predicts each byte from the one of the pixel to the left (a), the one above (b), and the one to the left of that (c).
    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelLength)
    {
        if (filter > 4)
        {
            throw new InvalidDataException($"has a row with filter {filter}; 0 to 4 are expected.");
        }

        for (int i = 0; i < row.Length; i++)
        {
            int a = i < pixelLength ? 0 : row[i - pixelLength], b = above[i], c = i < pixelLength ? 0 : above[i - pixelLength];
            row[i] += filter switch
            {
                0 => 0,
                1 => (byte)a,
                2 => (byte)b,
                3 => (byte)((a + b) / 2),
                _ => (byte)Paeth(a, b, c),
            };
        }
    }

    // The one of the three that is nearest to a + b - c.
    private static int Paeth(int a, int b, int c)
    {
        int toA = Math.Abs(b - c), toB = Math.Abs(a - c), toC = Math.Abs(a + b - c - c);
        return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
    }

    private byte Pixel(ReadOnlySpan<byte> row, int x)
    {
        int first = Sample(row, x * _header.Samples);
        switch (_header.ColourType)
        {
            case 0:
                return OnGround(first * 255 / _mask, IsTransparent([(byte)first]) ? 0 : 255);
            case 3:
                if (3 * first >= png.Palette.Length)
                {
                    throw new InvalidDataException(
                        $"has a pixel whose index is beyond its palette of {png.Palette.Length / 3} colours.");
                }

                return OnGround(Grey(png.Palette.AsSpan(3 * first, 3)), first < png.Transparency.Length ? png.Transparency[first] : 255);
            case 4:
                return OnGround(first, row[(2 * x) + 1]);
            case 2:
                ReadOnlySpan<byte> colour = row.Slice(3 * x, 3);
                return OnGround(Grey(colour), IsTransparent(colour) ? 0 : 255);
            default:
                return OnGround(Grey(row.Slice(4 * x, 3)), row[(4 * x) + 3]);
        }
    }

    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        int bit = index * _header.Bits;
        return (row[bit / 8] >> (8 - _header.Bits - (bit % 8))) & _mask;
    }

    // Without a palette, the chunk tRNS has one colour, whose pixels are transparent: two bytes for each sample.
    private bool IsTransparent(ReadOnlySpan<byte> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (png.Transparency.Length == 0 || BinaryPrimitives.ReadUInt16BigEndian(png.Transparency.AsSpan(2 * i)) != samples[i])
            {
                return false;
            }
        }

        return true;
    }

    // ITU-R BT.601, as usual in conversions to grey. The weights are integers, in thousandths, so that black and white stay exactly 0 and
    // 255.
    private static int Grey(ReadOnlySpan<byte> colour) => ((299 * colour[0]) + (587 * colour[1]) + (114 * colour[2]) + 500) / 1000;

    private byte OnGround(int grey, int opacity)
    {
        int ground = ink == ImagePolarity.DarkOnLight ? 255 : 0;
        return (byte)(((grey * opacity) + (ground * (255 - opacity)) + 127) / 255);
    }
}
