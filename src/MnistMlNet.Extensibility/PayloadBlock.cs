namespace MnistMlNet.Extensibility;

/// <summary>
/// The frame around a payload: its length in bytes as a little-endian <see cref="long"/>, then the payload, then nothing.
/// </summary>
internal static class PayloadBlock
{
    /// <summary>Writes the frame and, through <paramref name="writePayload"/>, the payload.</summary>
    /// <param name="writer">Writes to a stream that can seek, as every stream that ML.NET saves to does.</param>
    /// <param name="writePayload">Writes the payload to the stream that it is given.</param>
    internal static void Write(BinaryWriter writer, Action<Stream> writePayload)
    {
        // Placed before the length is known and filled in afterwards: a copy in memory would double what a large model needs.
        long lengthPosition = writer.BaseStream.Position;
        writer.Write(0L);
        long start = writer.BaseStream.Position;
        using (PayloadWriteStream payload = new(writer.BaseStream))
        {
            writePayload(payload);
        }

        long end = writer.BaseStream.Position;
        writer.BaseStream.Position = lengthPosition;
        writer.Write(end - start);
        writer.BaseStream.Position = end;
    }

    /// <summary>Reads the frame and, through <paramref name="readPayload"/>, the payload.</summary>
    /// <param name="reader">Stands at the frame's first byte.</param>
    /// <param name="blockEnd">The position behind the last byte that ML.NET's header gives to the model block.</param>
    /// <param name="readPayload">Reads the payload from a stream that ends where the payload ends.</param>
    /// <exception cref="InvalidDataException">The length is not that of the block, or the payload was not read to its end.</exception>
    internal static T Read<T>(BinaryReader reader, long blockEnd, Func<Stream, T> readPayload)
    {
        // The header is read from the same file: it is not to be believed beyond the stream's end.
        long available = Math.Min(blockEnd, reader.BaseStream.Length) - reader.BaseStream.Position - sizeof(long);
        if (available < 0)
        {
            throw new InvalidDataException(
                $"The model block is {available + sizeof(long)} bytes long; payloadLength alone takes {sizeof(long)}.");
        }

        long length = reader.ReadInt64();
        if (length != available)
        {
            throw new InvalidDataException(
                $"payloadLength is {length} at byte 0 of the model block; {available} bytes follow it, and it must say so.");
        }

        using PayloadReadStream payload = new(reader.BaseStream, length);
        T result = readPayload(payload);
        if (payload.Position != length)
        {
            throw new InvalidDataException(
                $"The payload was read up to byte {payload.Position}; payloadLength says that it ends at byte {length}.");
        }

        return result;
    }
}
