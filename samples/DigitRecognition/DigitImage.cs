namespace DigitRecognition;

/// <summary>The format of MNIST's images, which the CSV files have, too.</summary>
internal static class DigitImage
{
    public const int Side = 28;
    public const int PixelCount = Side * Side;
    public const int MaxPixel = 255;
    public const int DigitCount = 10;
}
