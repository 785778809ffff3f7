using System.Globalization;
using DigitPad.Images;
using MnistMlNet.Mnist;

namespace DigitPad.Api;

/// <summary>Converts the content of a request to the 784 pixels that the network reads.</summary>
internal static class Digits
{
    public const string WantedInk = "dark or light";
    public const string WantedNoise = "a number from 0 to below 255";

    /// <param name="png">The file.</param>
    /// <param name="ink">"dark", "light", or null for dark.</param>
    /// <param name="noise">Ink up to this value counts as background.</param>
    /// <param name="prefix">The text in front of field names: "" or "images[3].".</param>
    /// <param name="pngField">The name of the field that holds the PNG.</param>
    /// <param name="budget">The budget that the image's pixels are taken from.</param>
    /// <exception cref="FieldException">A field has a value that can't be used.</exception>
    public static float[] FromPng(byte[] png, string? ink, float noise, string prefix, string pngField, PixelBudget budget)
    {
        ImagePolarity tone = ink switch
        {
            null or "dark" => ImagePolarity.DarkOnLight,
            "light" => ImagePolarity.LightOnDark,
            _ => throw new FieldException(prefix + "ink", Quoted(ink), WantedInk),
        };
        if (!(noise is >= 0 and < MnistImage.MaxPixel))
        {
            throw new FieldException(prefix + "noise", noise.ToString(CultureInfo.InvariantCulture), WantedNoise);
        }

        GreyImage image;
        try
        {
            image = PngReader.Read(png, tone, budget);
        }
        catch (PixelLimitException e)
        {
            throw new FieldException(prefix + pngField, $"an image that {e.Message}",
                $"a request of fewer or smaller images, at most {e.Limit} pixels together,");
        }
        catch (InvalidDataException e)
        {
            throw new FieldException(
                prefix + pngField, $"an image that {e.Message.TrimEnd('.')}",
                $"a whole PNG of up to {PngLimits.MaxSide} × {PngLimits.MaxSide} pixels");
        }

        float[] digit = new float[MnistImage.PixelCount];
        return MnistImage.Normalize(image.Pixels, image.Width, image.Height, tone, noise, digit)
            ? digit
            : throw new FieldException(
                prefix + pngField, "an image without ink",
                $"at least one pixel {(tone == ImagePolarity.DarkOnLight ? "darker than white" : "lighter than black")}");
    }

    /// <summary>Text of a request in the form in which an answer may quote it: short, and in quotes.</summary>
    public static string Quoted(string text) => $"'{Short(text)}'";

    /// <summary>Text of a request, truncated where it is long.</summary>
    public static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
