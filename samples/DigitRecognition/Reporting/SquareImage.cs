namespace DigitRecognition.Reporting;

/// <summary>Pixels in a row can be drawn where they form a square; other shapes aren't known from the data.</summary>
internal static class SquareImage
{
    /// <summary>The side of a square of so many pixels, or <see langword="null"/>.</summary>
    public static int? Side(int pixelCount)
    {
        int side = (int)Math.Round(Math.Sqrt(pixelCount));
        return side * side == pixelCount ? side : null;
    }
}
