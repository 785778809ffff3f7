using MnistMlNet.Serialization.Onnx;

namespace MnistMlNet.Tests.Serialization.Onnx;

public sealed class OnnxMessageTests
{
    // The three examples of Protocol Buffers' own page on its encoding: 150 in field 1, "testing" in field 2, and the first one as a
    // message in field 3.
    [Fact]
    public void The_examples_of_the_encoding_s_own_page_come_out_byte_by_byte()
    {
        Assert.Equal([0x08, 0x96, 0x01], Bytes(new OnnxMessage().Integer(1, 150)));
        Assert.Equal([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67], Bytes(new OnnxMessage().Text(2, "testing")));
        Assert.Equal([0x1a, 0x03, 0x08, 0x96, 0x01], Bytes(new OnnxMessage().Message(3, new OnnxMessage().Integer(1, 150))));
    }

    [Theory]
    [InlineData(0, new byte[] { 0x00 })]
    [InlineData(127, new byte[] { 0x7f })]
    [InlineData(128, new byte[] { 0x80, 0x01 })]
    [InlineData(-1, new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 })]
    public void A_whole_number_has_seven_bits_a_byte_and_a_negative_one_has_ten_bytes(long value, byte[] encoded) =>
        Assert.Equal([0x08, .. encoded], Bytes(new OnnxMessage().Integer(1, value)));

    [Fact]
    public void Floats_have_four_bytes_little_endian_and_high_field_numbers_two()
    {
        // 1.0f is 0x3F800000. Field 20 is 20 << 3 | 5 = 165 = 0xA5 0x01 as a varint, and with the wire type of a length 0xA2 0x01.
        Assert.Equal([0xA5, 0x01, 0x00, 0x00, 0x80, 0x3F], Bytes(new OnnxMessage().Single(20, 1)));
        Assert.Equal([0xA2, 0x01, 0x08, 0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0],
            Bytes(new OnnxMessage().Singles(20, 2, () => new float[] { 1, -2 })));
    }

    [Fact]
    public void Size_is_known_before_the_floats_are_asked_for()
    {
        bool asked = false;
        OnnxMessage message = new OnnxMessage().Text(1, "a").Message(2, new OnnxMessage().Singles(9, 1L << 32, () =>
        {
            asked = true;
            return default;
        })).Integer(3, 1);

        // 17,179,869,184 bytes of floats, 1 + 5 for their header; 1 + 5 for the header of the message; 3 for the text, 2 for the number.
        Assert.Equal(17_179_869_184 + 6 + 6 + 3 + 2, message.Size);
        Assert.False(asked);
    }

    private static byte[] Bytes(OnnxMessage message)
    {
        using var stream = new MemoryStream();
        message.WriteTo(stream);
        Assert.Equal(stream.Length, message.Size);
        return stream.ToArray();
    }
}
