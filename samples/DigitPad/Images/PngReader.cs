using BigGustave;
using MnistMlNet.Mnist;

namespace DigitPad.Images;

/// <summary>Decodes a PNG to grey pixels.</summary>
internal static class PngReader
{
    /// <param name="png">The file.</param>
    /// <param name="ink">Decides the colour of transparent pixels: white under dark ink, black under light ink.</param>
    /// <param name="budget">The budget that the pixels are taken from; null for no limit but the limit of one image.</param>
    /// <exception cref="InvalidDataException">The file isn't a supported PNG; the message continues a sentence that begins with "the image
    /// ".</exception>
    /// <exception cref="PixelLimitException">The image exceeds the limit of its request.</exception>
    public static GreyImage Read(byte[] png, ImagePolarity ink, PixelBudget? budget = null)
    {
        (PngHeader header, int colours) = PngLimits.Check(png, budget ?? new PixelBudget(long.MaxValue));

        // The decoder throws many exception types, depending on where the damage is. Their messages are about its own arrays and would not
        // help a client.
        Png image;
        try
        {
            image = Png.Open(header is { IsPalette: false, BitsPerPixel: < 8 } ? GreyPalette.Add(png, header.BitsPerPixel) : png);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidDataException("has rows of pixels that can't be decoded.", e);
        }

        try
        {
            // An index beyond the palette is only found when its pixel is read.
            return Grey(image, ink);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidDataException(
                header.IsPalette ? $"has a pixel whose index is beyond its palette of {colours} colours."
                    : "has pixels that can't be decoded.", e);
        }
    }

    private static GreyImage Grey(Png image, ImagePolarity ink)
    {
        byte[] pixels = new byte[image.Width * image.Height];
        int ground = ink == ImagePolarity.DarkOnLight ? 255 : 0;
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                Pixel pixel = image.GetPixel(x, y);

                // ITU-R BT.601, as usual in conversions to grey. The weights are integers, in thousandths, so that black and white stay
                // exactly 0 and 255.
                int grey = ((299 * pixel.R) + (587 * pixel.G) + (114 * pixel.B) + 500) / 1000;
                pixels[(y * image.Width) + x] = (byte)(((grey * pixel.A) + (ground * (255 - pixel.A)) + 127) / 255);
            }
        }

        return new GreyImage(pixels, image.Width, image.Height);
    }
}
