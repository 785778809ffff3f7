namespace DigitPad.Api;

/// <summary>A client has sent more pixels than its current limit allows.</summary>
/// <param name="millionsPerSecond">The limit, in millions of pixels a second.</param>
/// <param name="seconds">The number of seconds after which the client may try again.</param>
internal sealed class ClientLimitException(int millionsPerSecond, int seconds) : Exception
{
    public int MillionsPerSecond { get; } = millionsPerSecond;

    public int Seconds { get; } = seconds;
}
