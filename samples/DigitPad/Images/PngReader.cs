using MnistMlNet.Mnist;

namespace DigitPad.Images;

/// <summary>Reads a PNG as grey pixels.</summary>
internal static class PngReader
{
    /// <param name="png">The file.</param>
    /// <param name="ink">Decides the colour of transparent pixels: white under dark ink, black under light ink.</param>
    /// <param name="budget">The budget that the pixels are taken from; null for no limit but the limit of one image.</param>
    /// <exception cref="InvalidDataException">The file isn't a supported PNG; the message continues a sentence that begins with "the image
    /// ".</exception>
    /// <exception cref="PixelLimitException">The image exceeds the limit of its request.</exception>
    public static GreyImage Read(byte[] png, ImagePolarity ink, PixelBudget? budget = null) =>
        new PngDecoder(PngLimits.Check(png, budget ?? new PixelBudget(long.MaxValue)), ink).Decode();
}
