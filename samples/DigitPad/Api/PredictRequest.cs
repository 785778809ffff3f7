using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MnistMlNet.Mnist;

namespace DigitPad.Api;

/// <summary>
/// The JSON form of one image, for the OpenAPI description. Requests are read by <see cref="JsonImages"/>, which names the field of an
/// error.
/// </summary>
internal sealed class PredictRequest
{
    [Description("784 numbers from 0 (background) to 255 (ink), 28 rows of 28, already in MNIST's form. Either this or png.")]
    [MinLength(MnistImage.PixelCount)]
    [MaxLength(MnistImage.PixelCount)]
    public float[]? Pixels { get; init; }

    [Description("A PNG of up to 1024 × 1024 pixels in base64; it is brought to MNIST's form first. Either this or pixels.")]
    public string? Png { get; init; }

    [Description("With png: dark (the default) for dark ink on a light page, or light.")]
    [AllowedValues("dark", "light")]
    public string? Ink { get; init; }

    [Description("With png: ink up to this value, 0 to below 255, counts as background. The default is 0.")]
    [Range(0, 254.99)]
    public float? Noise { get; init; }
}
