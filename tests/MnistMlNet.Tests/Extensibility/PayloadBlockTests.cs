using System.Buffers.Binary;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Tests.Extensibility;

public sealed class PayloadBlockTests
{
    // What ML.NET writes in front of the block and behind it.
    private static readonly byte[] s_before = [1, 1, 1];
    private static readonly byte[] s_behind = [2, 2, 2, 2];

    [Fact]
    public void Write_ThreeBytes_PutsTheirLengthInFrontAndLeavesTheStreamAtTheEnd()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(s_before);

        PayloadBlock.Write(writer, payload => payload.Write([7, 8, 9]));

        Assert.Equal([1, 1, 1, 3, 0, 0, 0, 0, 0, 0, 0, 7, 8, 9], stream.ToArray());
        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public void Write_PayloadDisposesItsStream_LeavesTheModelsStreamOpen()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);

        PayloadBlock.Write(writer, payload =>
        {
            using BinaryWriter inner = new(payload);
            inner.Write((byte)7);
        });

        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 7], stream.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void Read_WhatWasWritten_GivesItBackAndStopsAtItsEnd(int length)
    {
        byte[] expected = [.. Enumerable.Range(0, length).Select(i => (byte)i)];

        byte[] actual = Read(MakeBlock(length, expected), ReadToEnd);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Read_MoreThanThePayload_EndsAtThePayload()
        => Assert.Throws<EndOfStreamException>(() => Read(MakeBlock(3, [7, 8, 9]), payload =>
        {
            payload.ReadExactly(new byte[4]);
            return Array.Empty<byte>();
        }));

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Read_LengthThatIsNotTheBlocks_IsRefusedBeforeThePayloadIsTouched(long length)
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(
            () => Read(MakeBlock(length, [7, 8, 9]), _ => throw new InvalidOperationException("was called")));

        Assert.Equal(
            $"payloadLength is {length} at byte 0 of the model block; 3 bytes follow it, and it must say so.", exception.Message);
    }

    [Fact]
    public void Read_BlockShorterThanTheLength_IsRefused()
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => Read([3, 0, 0, 0, 0], ReadToEnd));

        Assert.Equal("The model block is 5 bytes long; payloadLength alone takes 8.", exception.Message);
    }

    [Fact]
    public void Read_HeaderThatReachesBeyondTheStream_IsRefused()
    {
        using BinaryReader reader = new(new MemoryStream(MakeBlock(1000, [7, 8, 9])));

        InvalidDataException exception = Assert.Throws<InvalidDataException>(
            () => PayloadBlock.Read(reader, blockEnd: 1008, ReadToEnd));

        Assert.StartsWith("payloadLength is 1000", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PayloadNotReadToItsEnd_IsRefused()
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(
            () => Read(MakeBlock(3, [7, 8, 9]), payload => [(byte)payload.ReadByte()]));

        Assert.Equal("The payload was read up to byte 1; payloadLength says that it ends at byte 3.", exception.Message);
    }

    private static byte[] MakeBlock(long length, byte[] payload)
    {
        byte[] block = new byte[sizeof(long) + payload.Length];
        BinaryPrimitives.WriteInt64LittleEndian(block, length);
        payload.CopyTo(block, sizeof(long));
        return block;
    }

    private static byte[] Read(byte[] block, Func<Stream, byte[]> readPayload)
    {
        using MemoryStream stream = new([.. s_before, .. block, .. s_behind]);
        using BinaryReader reader = new(stream);
        stream.Position = s_before.Length;
        byte[] result = PayloadBlock.Read(reader, s_before.Length + block.Length, readPayload);
        Assert.Equal(s_before.Length + block.Length, stream.Position);
        return result;
    }

    private static byte[] ReadToEnd(Stream payload)
    {
        using MemoryStream copy = new();
        payload.CopyTo(copy);
        Assert.Equal(payload.Length, copy.Length);
        return copy.ToArray();
    }
}
