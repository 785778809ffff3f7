namespace MnistMlNet.Extensibility;

/// <summary>The payload and nothing behind it: a reader misled by a damaged field meets the end here, not ML.NET's own data.</summary>
/// <param name="inner">The model's stream, at the payload's first byte; left open.</param>
/// <param name="length">The payload's length in bytes, not beyond the end of <paramref name="inner"/>.</param>
internal sealed class PayloadReadStream(Stream inner, long length) : Stream
{
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Gets the payload's length, known although the stream can't seek: a reader checks its counts against it.</summary>
    public override long Length => length;

    /// <summary>Gets the number of bytes that were read.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = (int)Math.Min(buffer.Length, length - _position);
        int read = inner.Read(buffer[..count]);
        _position += read;
        return read;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
