namespace DigitPad.Images;

/// <summary>The pixels that the images of one request may have together. They cost time, also where they pack into few bytes.</summary>
/// <param name="limit">How many.</param>
/// <param name="charge">Charges the client for so many pixels; throws where it has no more.</param>
internal sealed class PixelBudget(long limit, Action<int>? charge = null)
{
    private long _paid;

    /// <exception cref="PixelLimitException">The request has no more.</exception>
    public void Pay(int width, int height)
    {
        int count = width * height;
        if (count > limit - _paid)
        {
            throw new PixelLimitException($"is {width} × {height} pixels, more than the {limit - _paid} that are left for this request",
                limit);
        }

        charge?.Invoke(count);
        _paid += count;
    }
}
