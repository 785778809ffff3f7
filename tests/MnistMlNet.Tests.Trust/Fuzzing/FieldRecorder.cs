namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>
/// Finds the fields of a format by recording its own reader, so that new fields are mutated without changes here.
/// </summary>
internal sealed class FieldRecorder(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    private readonly SortedSet<(int Offset, int Length)> _fields = [];

    public static Field[] Record(byte[] bytes, Action<Stream> read)
    {
        using var recorder = new FieldRecorder(bytes);
        read(recorder);
        return [.. recorder._fields.Select(field => new Field(field.Offset, field.Length))];
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int position = (int)Position, read = base.Read(buffer, offset, count);
        if (read > 0)
        {
            _fields.Add((position, read));
        }

        return read;
    }

    // In a class derived from MemoryStream, the base's overload for spans would call the one for arrays again.
    public override int Read(Span<byte> buffer)
    {
        byte[] bytes = new byte[buffer.Length];
        int read = Read(bytes, 0, bytes.Length);
        bytes.AsSpan(0, read).CopyTo(buffer);
        return read;
    }
}
