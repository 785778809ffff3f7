namespace DigitPad.Api;

/// <summary>A client has sent more pixels than it may for now.</summary>
/// <param name="millionsPerSecond">Millions of pixels that it may send a second.</param>
/// <param name="seconds">After how many seconds it may come again.</param>
internal sealed class ClientLimitException(int millionsPerSecond, int seconds) : Exception
{
    public int MillionsPerSecond { get; } = millionsPerSecond;

    public int Seconds { get; } = seconds;
}
