namespace MnistMlNet.Primitives;

/// <summary>Reads another stream and computes the CRC-32 as zip and gzip define it (polynomial EDB88320, reflected).</summary>
/// <remarks>
/// Zip entries carry a CRC-32, but .NET's <see cref="System.IO.Compression.ZipArchive"/> doesn't check it: a flipped bit in a weight
/// would load as a different model.
/// </remarks>
/// <param name="inner">The stream to read; it is left open.</param>
internal sealed class Crc32Stream(Stream inner) : ForwardStream
{
    private static readonly uint[] s_table = MakeTable();

    private uint _state = uint.MaxValue;

    /// <summary>Gets the CRC-32 of all bytes read so far.</summary>
    public uint Crc32 => ~_state;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        uint state = _state;
        foreach (byte value in buffer[..count])
        {
            state = s_table[(byte)(state ^ value)] ^ (state >> 8);
        }

        _state = state;
        return count;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}

/// <summary>The base class of streams that are only read, once and forwards; a derived class only implements reading.</summary>
internal abstract class ForwardStream : Stream
{
    /// <inheritdoc/>
    public sealed override bool CanRead => true;

    /// <inheritdoc/>
    public sealed override bool CanSeek => false;

    /// <inheritdoc/>
    public sealed override bool CanWrite => false;

    /// <inheritdoc/>
    public sealed override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public abstract override int Read(Span<byte> buffer);

    /// <inheritdoc/>
    public sealed override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public sealed override void Flush()
    {
    }

    /// <inheritdoc/>
    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
