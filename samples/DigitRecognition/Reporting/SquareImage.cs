namespace DigitRecognition.Reporting;

/// <summary>Pixels of a row can be drawn if they form a square; other shapes can't be derived from the data.</summary>
internal static class SquareImage
{
    /// <summary>The side length of a square of this many pixels, or <see langword="null"/>.</summary>
    public static int? Side(int pixelCount)
    {
        int side = (int)Math.Round(Math.Sqrt(pixelCount));
        return side * side == pixelCount ? side : null;
    }
}
