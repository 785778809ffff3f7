namespace MnistMlNet.Primitives;

/// <summary>Passes on what it reads, up to a limit: for readers that take memory for whatever a file says.</summary>
/// <param name="inner">What is read; seekable, left open.</param>
/// <param name="limit">The bytes that may be read until <see cref="EndLimit"/>, those that are read twice counted twice.</param>
/// <param name="what">What they are, for the message.</param>
internal sealed class LimitedStream(Stream inner, long limit, string what) : Stream
{
    private long _read;
    private long _limit = limit;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => inner.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    /// <summary>From now on any number of bytes may be read.</summary>
    public void EndLimit() => _limit = long.MaxValue;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        _read += count;
        return _read <= _limit ? count : throw new InvalidDataException($"more than {_limit} bytes were read of {what}.");
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
