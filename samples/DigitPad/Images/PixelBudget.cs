namespace DigitPad.Images;

/// <summary>
/// The number of pixels that the images of one request may have together. Pixels cost time, even where they are compressed to few bytes.
/// </summary>
/// <param name="limit">The number of pixels.</param>
/// <param name="charge">Charges the client for a number of pixels; throws where the client's limit is used up.</param>
internal sealed class PixelBudget(long limit, Action<int>? charge = null)
{
    private long _paid;

    /// <exception cref="PixelLimitException">The request's limit is exceeded.</exception>
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
