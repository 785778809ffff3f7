namespace DigitPad.Images;

/// <summary>
/// The images of a request have too many pixels together; the message continues a sentence that begins with "the image ".
/// </summary>
/// <param name="message">What was found.</param>
/// <param name="limit">The number of pixels that the images may have together.</param>
internal sealed class PixelLimitException(string message, long limit) : Exception(message)
{
    public long Limit { get; } = limit;
}
