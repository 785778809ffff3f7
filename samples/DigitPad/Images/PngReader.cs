using BigGustave;
using MnistMlNet.Mnist;

namespace DigitPad.Images;

/// <summary>From a PNG to grey pixels.</summary>
internal static class PngReader
{
    /// <param name="png">The file.</param>
    /// <param name="ink">What is transparent becomes the ground: white under dark ink, black under light ink.</param>
    /// <param name="budget">Pays for the pixels; null for no limit but that of one image.</param>
    /// <exception cref="InvalidDataException">It isn't a PNG that may be decoded; the message goes on from "the image ".</exception>
    /// <exception cref="PixelLimitException">It is beyond what its request may have.</exception>
    public static GreyImage Read(byte[] png, ImagePolarity ink, PixelBudget? budget = null)
    {
        (PngHeader header, int colours) = PngLimits.Check(png, budget ?? new PixelBudget(long.MaxValue));

        // The decoder throws many kinds, depending on where the damage is; its words are about its own arrays and would tell a client
        // nothing.
        Png image;
        try
        {
            image = Png.Open(png);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidDataException("has rows of pixels that can't be decoded.", e);
        }

        try
        {
            // An index beyond the palette isn't found before its pixel is asked for.
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

                // ITU-R BT.601, as every "convert to grey" has it; in whole thousandths, so that black and white stay exactly 0 and 255.
                int grey = ((299 * pixel.R) + (587 * pixel.G) + (114 * pixel.B) + 500) / 1000;
                pixels[(y * image.Width) + x] = (byte)(((grey * pixel.A) + (ground * (255 - pixel.A)) + 127) / 255);
            }
        }

        return new GreyImage(pixels, image.Width, image.Height);
    }
}
