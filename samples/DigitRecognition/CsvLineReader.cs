namespace DigitRecognition;

/// <summary>
/// Reads the lines of a UTF-8 file as bytes, without allocating strings; empty lines are skipped, as in ML.NET's TextLoader.
/// </summary>
internal sealed class CsvLineReader : IDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;

    public CsvLineReader(string path)
    {
        _path = path;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        Fill();
        if (_buffer.AsSpan(_start, _end - _start).StartsWith("\uFEFF"u8))
        {
            _start += 3;
        }
    }

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>
    /// The next line that isn't empty, without its line break, valid until the next call; <see langword="null"/> at the end of the file.
    /// </summary>
    public ReadOnlyMemory<byte>? Read()
    {
        while (ReadAny() is { } line)
        {
            if (!line.IsEmpty)
            {
                return line;
            }
        }

        return null;
    }

    public void Dispose() => _file.Dispose();

    private ReadOnlyMemory<byte>? ReadAny()
    {
        int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        while (length < 0 && Fill())
        {
            length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        }

        bool isLast = length < 0;
        length = isLast ? _end - _start : length;
        if (isLast && length == 0)
        {
            return null;
        }

        ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, length);
        _start += length + (isLast ? 0 : 1);
        LineNumber++;
        return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
    }

    // Moves the unread bytes to the front and fills the buffer after them; false at the end of the file.
    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            throw new InvalidDataException($"'{_path}', line {LineNumber + 1}: the line is longer than {BufferSize} bytes; a line of a "
                + $"digit has about 2000.");
        }

        int count = _file.Read(_buffer.AsSpan(_end));
        _end += count;
        return count > 0;
    }
}
