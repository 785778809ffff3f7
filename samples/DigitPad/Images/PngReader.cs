using BigGustave;
using MnistMlNet.Mnist;

namespace DigitPad.Images;

/// <summary>From a PNG to grey pixels.</summary>
internal static class PngReader
{
    /// <inheritdoc cref="Read(byte[], InkTone, ref long)"/>
    public static GreyImage Read(byte[] png, InkTone ink)
    {
        long pixelsLeft = long.MaxValue;
        return Read(png, ink, ref pixelsLeft);
    }

    /// <param name="png">The file.</param>
    /// <param name="ink">What is transparent becomes the ground: white under dark ink, black under light ink.</param>
    /// <param name="pixelsLeft">Pixels that the images of this request may still have together; reduced by this image's.</param>
    /// <exception cref="InvalidDataException">It isn't a PNG that may be decoded; the message goes on from "the image ".</exception>
    public static GreyImage Read(byte[] png, InkTone ink, ref long pixelsLeft)
    {
        PngLimits.Check(png, pixelsLeft);
        try
        {
            // Colours are looked up here, too: an index beyond the palette isn't found before its pixel is asked for.
            GreyImage image = Grey(Png.Open(png), ink);
            pixelsLeft -= image.Pixels.Length;
            return image;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The decoder throws many kinds, depending on where the damage is; what it comes to is always this.
            throw new InvalidDataException($"can't be decoded: {e.Message}", e);
        }
    }

    private static GreyImage Grey(Png image, InkTone ink)
    {
        byte[] pixels = new byte[image.Width * image.Height];
        int ground = ink == InkTone.Dark ? 255 : 0;
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
