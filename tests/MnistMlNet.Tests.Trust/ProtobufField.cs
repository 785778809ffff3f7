using System.Buffers.Binary;
using System.Text;

namespace MnistMlNet.Tests.Trust;

/// <summary>
/// One field of a Protocol Buffers message, read after the page on the encoding: it shares no code with the writer under test.
/// </summary>
internal sealed record ProtobufField(int Number, ulong Varint, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public ProtobufField[] Fields => Read(Bytes);

    public float[] Singles => [.. Bytes.Chunk(sizeof(float)).Select(word => BinaryPrimitives.ReadSingleLittleEndian(word))];

    /// <summary>Reads all fields of a message; fails if any byte isn't part of a field.</summary>
    public static ProtobufField[] Read(ReadOnlySpan<byte> message)
    {
        var fields = new List<ProtobufField>();
        while (message.Length > 0)
        {
            ulong key = ReadVarint(ref message);
            int number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    fields.Add(new ProtobufField(number, ReadVarint(ref message), []));
                    break;
                case 2:
                    int length = checked((int)ReadVarint(ref message));
                    fields.Add(new ProtobufField(number, 0, message[..length].ToArray()));
                    message = message[length..];
                    break;
                case 5:
                    fields.Add(new ProtobufField(number, 0, message[..4].ToArray()));
                    message = message[4..];
                    break;
                default:
                    throw new InvalidDataException($"Field {number} has the wire type {key & 7}.");
            }
        }

        return [.. fields];
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[0];
            message = message[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
