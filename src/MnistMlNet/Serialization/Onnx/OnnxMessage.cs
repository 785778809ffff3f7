using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>One message of Protocol Buffers, the encoding of ONNX files, built field by field.</summary>
/// <remarks>
/// A field is its number and wire type in one varint, and then its value: 0 a varint, 2 a length and as many bytes, 5 four bytes. A length
/// stands before what it counts, so every message knows its size before a byte of it is written, and no second copy
/// of the network is made.
/// </remarks>
internal sealed class OnnxMessage
{
    private const int VarintType = 0;
    private const int LengthType = 2;
    private const int Fixed32Type = 5;

    private readonly List<Action<Stream>> _pieces = [];
    private ArrayBufferWriter<byte> _tail = new();
    private long _pieceBytes;

    /// <summary>Gets the length of the message in bytes.</summary>
    public long Size => _pieceBytes + _tail.WrittenCount;

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
    /// <param name="count">How many they are.</param>
    /// <param name="values">Gives them; not called before the message is written.</param>
    public OnnxMessage Singles(int field, long count, Func<ReadOnlyMemory<float>> values)
    {
        WriteTag(field, LengthType);
        Varint((ulong)(count * sizeof(float)));
        Piece(count * sizeof(float), stream => LittleEndian.Write(stream, values().Span));
        return this;
    }

    /// <summary>Adds a message, which must be complete: what is added to it later has no place.</summary>
    public OnnxMessage Message(int field, OnnxMessage message)
    {
        WriteTag(field, LengthType);
        Varint((ulong)message.Size);
        Piece(message.Size, message.WriteTo);
        return this;
    }

    /// <summary>Adds the fields of another message, which must be complete, as fields of this one.</summary>
    public OnnxMessage Append(OnnxMessage fields)
    {
        Piece(fields.Size, fields.WriteTo);
        return this;
    }

    public void WriteTo(Stream stream)
    {
        foreach (Action<Stream> write in _pieces)
        {
            write(stream);
        }

        stream.Write(_tail.WrittenSpan);
    }

    private void Piece(long size, Action<Stream> write)
    {
        ArrayBufferWriter<byte> before = _tail;
        _pieces.Add(stream => stream.Write(before.WrittenSpan));
        _pieces.Add(write);
        _pieceBytes += before.WrittenCount + size;
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

/// <summary>The types of a tensor's elements, by their numbers in onnx.proto's <c>TensorProto.DataType</c>.</summary>
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
