namespace MnistMlNet.Reporting.Results;

/// <summary>The size of the grey images that the features are, row by row.</summary>
internal sealed record ImageShape(int Width, int Height)
{
    /// <summary>Fewer pixels are more likely the columns of a table.</summary>
    private const int MinPixels = 64;

    /// <summary>
    /// The given size, or that of a square if the features have no names and their number is a square; null where they are no images.
    /// </summary>
    public static ImageShape? Of(TrainingReportOptions options, int featureCount, bool areNamed)
    {
        if (options.ImageWidth is null && options.ImageHeight is null)
        {
            int side = (int)Math.Round(Math.Sqrt(featureCount));
            return !areNamed && featureCount >= MinPixels && side * side == featureCount ? new ImageShape(side, side) : null;
        }

        int width = options.ImageWidth ?? featureCount / Math.Max(1, options.ImageHeight!.Value);
        int height = options.ImageHeight ?? featureCount / Math.Max(1, width);
        return (long)width * height == featureCount ? new ImageShape(width, height) : throw new ArgumentException(
            $"ImageWidth {width} times ImageHeight {height} isn't the number of features, which is {featureCount}. Give the size of the "
                + "images, or leave both at null.",
            nameof(options));
    }
}
