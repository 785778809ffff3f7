using Microsoft.ML.Data;
using MnistMlNet.Mnist;

namespace DigitPad.Model;

/// <summary>A row that <see cref="DigitShape"/> learns from.</summary>
internal sealed class ShapeRow
{
    /// <summary>Whether it is a digit.</summary>
    public bool Label { get; set; }

    /// <summary>The pixels, 0 to 1.</summary>
    [VectorType(MnistImage.PixelCount)]
    public float[] Features { get; set; } = [];

    public static ShapeRow Of(bool isDigit, byte[] pixels) =>
        new() { Label = isDigit, Features = [.. pixels.Select(pixel => pixel / MnistImage.MaxPixel)] };
}
