using MnistMlNet.Mnist;

namespace MnistMlNet.Tests.Mnist;

/// <summary>Files of very many gzip members: .NET reads them all, and each has a cost.</summary>
public sealed class GzipMembersTests : IDisposable
{
    private const int Part = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _images = IdxBytes.Images(2, 2, 3, 0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255);

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// A member without content (RFC 1952, RFC 1951): 10 bytes of header, an empty block, checksum 0, length 0.
    /// </summary>
    private static ReadOnlySpan<byte> Empty => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [Theory]
    [InlineData("behind")]
    [InlineData("before")]
    [InlineData("between")]
    public void A_million_members_without_content_are_refused_at_the_seventeenth_and_take_no_memory(string where)
    {
        byte[] first = IdxBytes.Gzip(_images[..Part]), second = IdxBytes.Gzip(_images[Part..]);
        byte[] before = where == "behind" ? [.. first, .. second] : where == "between" ? first : [];
        byte[] after = where == "behind" ? [] : where == "between" ? second : [.. first, .. second];
        byte[] file = [.. before, .. Repeat(Empty, 975_000), .. after];
        (string images, string labels) = (_folder.Write("images", file), _folder.Write("labels", IdxBytes.Labels(7, 0)));
        long allocated = GC.GetAllocatedBytesForCurrentThread();

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => IdxReader.Read(images, labels));

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        int seventeenth = before.Length + (16 * Empty.Length);
        Assert.Contains($"the gzip member that begins at byte {seventeenth} is number", e.Message, StringComparison.Ordinal);
        Assert.Contains("17 have no content", e.Message, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 4 << 20);
    }

    [Fact]
    public void Sixteen_members_without_content_are_read() =>
        Assert.Equal(2, Read([.. Repeat(Empty, 8), .. IdxBytes.Gzip(_images), .. Repeat(Empty, 8)]).Count);

    // Programs that compress in blocks, such as bgzip, write a member for each 64 KiB: MNIST has 718 of them.
    [Fact]
    public void Many_members_with_content_are_read_up_to_the_limit_and_refused_beyond()
    {
        byte[] Members(int count) =>
            [.. IdxBytes.Gzip(IdxBytes.Bytes([2051, count - 1, 1, 1])),
                .. Enumerable.Range(1, count - 1).SelectMany(i => IdxBytes.Gzip([(byte)i]))];

        Assert.Equal(GzipMembers.MaxCount - 1, Read(Members(GzipMembers.MaxCount), GzipMembers.MaxCount - 1).Count);
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Read(Members(GzipMembers.MaxCount + 1), GzipMembers.MaxCount));
        Assert.Contains($"is number {GzipMembers.MaxCount + 1}, and 0 have no content", e.Message, StringComparison.Ordinal);
    }

    // The fast scan also finds the first bytes of a header within the content; the strict scan doesn't.
    [Fact]
    public void Content_that_looks_like_members_is_read()
    {
        byte[] content = IdxBytes.Images(100, 1, 3, [.. Repeat([0x1F, 0x8B, 8], 100)]);
        byte[] block = [1, .. Word(content.Length), .. Word(~content.Length), .. content];
        byte[] stored = [.. Empty[..10], .. block, .. IdxBytes.Gzip(content)[^8..]];

        Assert.Equal([0x1F, 0x8B, 8], Read(stored, 100).Pixels(99).ToArray());

        static byte[] Word(int value) => [(byte)value, (byte)(value >> 8)];
    }

    // The scan for the end of a member also finds the checksums of its neighbours.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(3000)]
    public void Equal_members_after_one_another_are_read_and_what_follows_them_is_refused(int length)
    {
        byte[] member = IdxBytes.Gzip([.. Repeat([5, 9], length)]);
        byte[] file = [.. IdxBytes.Gzip(IdxBytes.Bytes([2051, 20 * length, 1, 2])), .. Repeat(member, 20)];

        DigitSet digits = Read(file, 20 * length);
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Read([.. file, 1, 2, 3], 20 * length));

        Assert.Equal([5, 9], digits.Pixels((20 * length) - 1).ToArray());
        Assert.Contains($"3 bytes from byte {file.Length} of the compressed file", e.Message, StringComparison.Ordinal);
    }

    // RFC 1951: a stored block of no bytes that isn't the last. Five bytes without output, four million times.
    [Fact]
    public void A_large_member_whose_end_cannot_be_found_quickly_is_refused()
    {
        byte[] member = [.. Empty[..10], .. Repeat([0, 0, 0, 0xFF, 0xFF], 4_000_000), .. Empty[10..]];

        InvalidDataException e = Assert.Throws<InvalidDataException>(
            () => Read([.. member, .. IdxBytes.Gzip(_images), .. Repeat(Empty, 2)]));

        Assert.Contains("begins at byte 0 has its checksum twice near its end", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_among_members_is_refused_before_all_of_it_is_unpacked()
    {
        byte[] bomb = [.. IdxBytes.Gzip(new byte[64 << 20]), .. Repeat(Empty, 40)];

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Read(bomb));

        Assert.Contains("the content goes on beyond what", e.Message, StringComparison.Ordinal);
    }

    private DigitSet Read(byte[] images, int count = 2) =>
        IdxReader.Read(_folder.Write("images", images), _folder.Write("labels", IdxBytes.Labels(new byte[count])));

    private static byte[] Repeat(ReadOnlySpan<byte> bytes, int count)
    {
        byte[] all = new byte[bytes.Length * count];
        for (int i = 0; i < count; i++)
        {
            bytes.CopyTo(all.AsSpan(i * bytes.Length));
        }

        return all;
    }
}
