namespace DigitPad.Images;

/// <summary>The images of a request have too many pixels together; the message goes on from "the image ".</summary>
/// <param name="message">What was found.</param>
/// <param name="limit">Pixels that the images may have together.</param>
internal sealed class PixelLimitException(string message, long limit) : Exception(message)
{
    public long Limit { get; } = limit;
}
