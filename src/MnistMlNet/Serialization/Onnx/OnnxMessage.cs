using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>One message of Protocol Buffers, the encoding of ONNX files, built field by field.</summary>
/// <remarks>
/// A field is its number and wire type in one varint, and then its value: for type 0 a varint, for 2 a length and that many bytes, for 5
/// four bytes. Since the length comes before the bytes, every message computes its size before any byte of it is written; the network isn't
/// copied for that.
/// </remarks>
internal sealed class OnnxMessage
{
    private const int VarintType = 0;
    private const int LengthType = 2;
    private const int Fixed32Type = 5;

    private readonly List<Action<Stream>> _parts = [];
    private ArrayBufferWriter<byte> _tail = new();
    private long _partBytes;

    /// <summary>Gets the length of the message in bytes.</summary>
    public long Size => _partBytes + _tail.WrittenCount;

    public OnnxMessage Integer(int field, long value)
    {
        WriteTag(field, VarintType);
        Varint((ulong)value);
        return this;
    }

    public OnnxMessage Single(int field, float value)
    {
        WriteTag(field, Fixed32Type);
        BinaryPrimitives.WriteSingleLittleEndian(_tail.GetSpan(sizeof(float)), value);
        _tail.Advance(sizeof(float));
        return this;
    }

    public OnnxMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public OnnxMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        WriteTag(field, LengthType);
        Varint((ulong)value.Length);
        _tail.Write(value);
        return this;
    }

    /// <summary>Adds floats as bytes, little-endian.</summary>
    /// <param name="field">The number of the field.</param>
    /// <param name="count">The number of floats.</param>
    /// <param name="values">Returns the floats; called only when the message is written.</param>
    public OnnxMessage Singles(int field, long count, Func<ReadOnlyMemory<float>> values)
    {
        WriteTag(field, LengthType);
        Varint((ulong)(count * sizeof(float)));
        AddPart(count * sizeof(float), stream => LittleEndian.Write(stream, values().Span));
        return this;
    }

    /// <summary>Adds a message, which must be complete: its size is fixed from now on.</summary>
    public OnnxMessage Message(int field, OnnxMessage message)
    {
        WriteTag(field, LengthType);
        Varint((ulong)message.Size);
        AddPart(message.Size, message.WriteTo);
        return this;
    }

    /// <summary>Adds the fields of another message, which must be complete, as fields of this one.</summary>
    public OnnxMessage Append(OnnxMessage fields)
    {
        AddPart(fields.Size, fields.WriteTo);
        return this;
    }

    public void WriteTo(Stream stream)
    {
        foreach (Action<Stream> write in _parts)
        {
            write(stream);
        }

        stream.Write(_tail.WrittenSpan);
    }

    private void AddPart(long size, Action<Stream> write)
    {
        ArrayBufferWriter<byte> before = _tail;
        _parts.Add(stream => stream.Write(before.WrittenSpan));
        _parts.Add(write);
        _partBytes += before.WrittenCount + size;
        _tail = new ArrayBufferWriter<byte>();
    }

    private void WriteTag(int field, int wireType) => Varint(((ulong)field << 3) | (uint)wireType);

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)(value | 0x80));
        }

        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        _tail.GetSpan(1)[0] = value;
        _tail.Advance(1);
    }
}

/// <summary>The element types of a tensor, with their numbers in <c>TensorProto.DataType</c> of onnx.proto.</summary>
internal enum OnnxElement
{
    Single = 1,
    Byte = 2,
    SByte = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    Text = 8,
    Boolean = 9,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
}
