using MnistMlNet.Primitives;

namespace MnistMlNet.Mnist;

/// <summary>Gives another stream's bytes one by one, so that its position tells exactly where a decompressor stopped.</summary>
/// <param name="inner">Left open.</param>
internal sealed class SingleByteStream(Stream inner) : ForwardStream
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => inner.Read(buffer[..Math.Min(1, buffer.Length)]);
}
