using MnistMlNet.Primitives;

namespace MnistMlNet.Mnist;

/// <summary>Gives another stream's bytes in small parts: a decompressor stopped within the last two.</summary>
/// <param name="inner">Seekable; left open.</param>
/// <param name="partLength">Bytes to give at once. With 1, the position tells exactly where it stopped.</param>
internal sealed class PartStream(Stream inner, int partLength) : ForwardStream
{
    private long _lastStart = inner.Position;

    /// <summary>Gets where the part before the last one begins. It may have the end: a full buffer of results hides that.</summary>
    public long PreviousStart { get; private set; } = inner.Position;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        (PreviousStart, _lastStart) = (_lastStart, inner.Position);
        return inner.Read(buffer[..Math.Min(partLength, buffer.Length)]);
    }
}
