using MnistMlNet.Mnist;

namespace MnistMlNet.Tests.Mnist;

public sealed class IdxReaderTests : IDisposable
{
    private static readonly byte[] s_images = IdxBytes.Images(2, 2, 3, 0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255);
    private static readonly byte[] s_labels = IdxBytes.Labels(7, 0);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Pixels_and_labels_come_back_as_they_were_written_raw_or_gzip(bool gzipImages, bool gzipLabels)
    {
        DigitSet digits = Read(gzipImages ? IdxBytes.Gzip(s_images) : s_images, gzipLabels ? IdxBytes.Gzip(s_labels) : s_labels);

        Assert.Equal((2, 2, 3), (digits.Count, digits.Rows, digits.Columns));
        Assert.Equal([0, 1, 2, 3, 4, 5], digits.Pixels(0).ToArray());
        Assert.Equal([250, 251, 252, 253, 254, 255], digits.Pixels(1).ToArray());
        Assert.Equal((7, 0), (digits.Label(0), digits.Label(1)));
    }

    [Fact]
    public void A_pair_of_files_with_no_image_at_all_is_an_empty_set() =>
        Assert.Equal(0, Read(IdxBytes.Images(0, 28, 28), IdxBytes.Labels()).Count);

    [Theory]
    [InlineData("images.idx")]
    [InlineData("labels.idx")]
    public void A_missing_file_is_named(string missing)
    {
        _folder.Write("images.idx", s_images);
        _folder.Write("labels.idx", s_labels);
        File.Delete(_folder.File(missing));

        FileNotFoundException e = Assert.Throws<FileNotFoundException>(() =>
            IdxReader.Read(_folder.File("images.idx"), _folder.File("labels.idx")));

        Assert.Contains(missing, e.Message, StringComparison.Ordinal);
        Assert.Equal(_folder.File(missing), e.FileName);
    }

    [Fact]
    public void Labels_given_as_images_are_refused_by_their_magic_number() =>
        AssertRefused(s_labels, s_labels, "images.idx", "byte 0", "2049", "2051");

    [Fact]
    public void Images_given_as_labels_are_refused_by_their_magic_number() =>
        AssertRefused(s_images, s_images, "labels.idx", "byte 0", "2051", "2049");

    [Fact]
    public void An_empty_file_is_refused_at_its_first_byte() =>
        AssertRefused([], s_labels, "images.idx", "byte 0", "the magic number");

    [Fact]
    public void A_header_cut_short_is_refused_where_it_ends() =>
        AssertRefused(s_images[..10], s_labels, "images.idx", "byte 10", "the number of rows", "byte 8 to byte 12");

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Counts_that_differ_are_refused(int imageCount) =>
        AssertRefused(IdxBytes.Images(imageCount, 1, 1, new byte[imageCount]), s_labels, "images.idx", "byte 4", $"is {imageCount}",
            "labels.idx", "2 labels");

    [Theory]
    [InlineData(-1)]
    [InlineData(10_000_001)]
    [InlineData(int.MaxValue)]
    public void A_count_out_of_range_is_refused(int count)
    {
        AssertRefused(IdxBytes.Bytes([2051, count, 28, 28]), s_labels, "images.idx", "byte 4", $"{count}", "0 to 10000000");
        AssertRefused(s_images, IdxBytes.Bytes([2049, count]), "labels.idx", "byte 4", $"{count}", "0 to 10000000");
    }

    [Theory]
    [InlineData(0, 28, "byte 8", "0")]
    [InlineData(257, 28, "byte 8", "257")]
    [InlineData(28, -5, "byte 12", "-5")]
    [InlineData(28, 257, "byte 12", "257")]
    public void Dimensions_out_of_range_are_refused(int rows, int columns, string offset, string found) =>
        AssertRefused(IdxBytes.Bytes([2051, 2, rows, columns]), s_labels, "images.idx", offset, $"is {found};", "1 to 256");

    [Fact]
    public void More_than_two_gigabytes_of_pixels_are_refused_though_each_number_is_in_range() =>
        AssertRefused(IdxBytes.Bytes([2051, 40_000, 256, 256]), IdxBytes.Bytes([2049, 40_000]), "images.idx", "2621440000 pixels",
            "2147483591");

    [Fact]
    public void Pixels_cut_short_are_refused_where_the_file_ends()
    {
        AssertRefused(s_images[..^1], s_labels, "images.idx", "byte 27", "12 bytes of pixels", "byte 28");
        AssertRefused(IdxBytes.Gzip(s_images[..^1]), s_labels, "images.idx", "byte 27", "within pixels", "byte 16 to byte 28");
    }

    [Fact]
    public void Labels_cut_short_are_refused_where_the_file_ends() =>
        AssertRefused(s_images, s_labels[..^1], "labels.idx", "byte 9", "2 bytes of labels", "byte 10");

    [Fact]
    public void Bytes_after_the_last_value_are_refused()
    {
        AssertRefused([.. s_images, 0], s_labels, "images.idx", "byte 28", "must end after 12 bytes of pixels");
        AssertRefused(IdxBytes.Gzip([.. s_images, 0]), s_labels, "images.idx", "byte 28", "must end");
        AssertRefused(s_images, [.. s_labels, 0], "labels.idx", "byte 10", "must end after 2 bytes of labels");
    }

    [Fact]
    public void Gzip_data_in_two_members_is_one_content()
    {
        DigitSet digits = Read([.. IdxBytes.Gzip(s_images[..20]), .. IdxBytes.Gzip(s_images[20..])], s_labels);
        Assert.Equal(255, digits.Pixels(1)[5]);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [InlineData(true, 1)]
    [InlineData(true, 300)]
    public void Bytes_behind_gzip_data_are_refused_where_they_begin(bool twoMembers, int count)
    {
        byte[] gzip = twoMembers ? [.. IdxBytes.Gzip(s_images[..20]), .. IdxBytes.Gzip(s_images[20..])] : IdxBytes.Gzip(s_images);
        byte[] behind = new byte[count];
        behind.AsSpan().Fill(7);

        AssertRefused([.. gzip, .. behind], s_labels, "images.idx", $"{count} bytes from byte {gzip.Length} of the compressed file");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_gzip_file_cut_within_its_checksum_is_refused(int bytes) =>
        AssertRefused(IdxBytes.Gzip(s_images)[..^bytes], s_labels, "images.idx", "byte 0", "cut short");

    [Fact]
    public void A_gzip_header_with_a_name_a_comment_an_extra_field_and_a_checksum_is_read()
    {
        byte[] plain = IdxBytes.Gzip(s_images[20..]);
        byte[] member = [.. plain[..3], 2 | 4 | 8 | 16, .. plain[4..10], 3, 0, 9, 9, 9, .. "name\0comment\0"u8, 1, 2, .. plain[10..]];

        // In two members, so that the file's last four bytes aren't its length. The header's own checksum, of 2 bytes, must be right for
        // zlib.
        uint crc = Crc32(member[..(10 + 2 + 3 + 5 + 8)]);
        (member[28], member[29]) = ((byte)crc, (byte)(crc >> 8));

        Assert.Equal(255, Read([.. IdxBytes.Gzip(s_images[..20]), .. member], s_labels).Pixels(1)[5]);

        static uint Crc32(byte[] bytes) => ~bytes.Aggregate(uint.MaxValue, (state, value) =>
            Enumerable.Range(0, 8).Aggregate(state ^ value, (bits, _) => (bits & 1) != 0 ? 0xEDB88320 ^ (bits >> 1) : bits >> 1));
    }

    [Fact]
    public void A_gzip_file_whose_content_shrinks_a_thousandfold_is_refused_before_its_memory_is_taken()
    {
        // 1,024 blank images of 64 KB in a file of 64 KB: real images compress to a fifth.
        byte[] bomb = IdxBytes.Gzip(IdxBytes.Images(1024, 256, 256, new byte[64 << 20])), labels = IdxBytes.Labels(new byte[1024]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused(bomb, labels, "images.idx", "67108864 bytes of pixels", "are believed to hold at most");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void A_label_above_nine_is_refused_at_its_byte() =>
        AssertRefused(s_images, IdxBytes.Labels(7, 10), "labels.idx", "byte 9", "label 1 is 10", "0 to 9");

    [Fact]
    public void A_gzip_file_cut_short_is_refused()
    {
        byte[] whole = IdxBytes.Gzip(s_images);
        AssertRefused(whole[..(whole.Length / 2)], s_labels, "images.idx", "byte ");
    }

    [Fact]
    public void A_gzip_file_with_a_flipped_bit_is_refused()
    {
        byte[] damaged = IdxBytes.Gzip(s_images);
        damaged[^5] ^= 1; // in the checksum, which is in the last eight bytes, before the length
        AssertRefused(damaged, s_labels, "images.idx", "gzip");
    }

    [Fact]
    public void A_small_gzip_file_that_announces_gigabytes_is_refused_without_allocating_them()
    {
        byte[] images = IdxBytes.Gzip(IdxBytes.Bytes([2051, 30_000, 256, 256]));
        byte[] labels = IdxBytes.Gzip(IdxBytes.Bytes([2049, 30_000], new byte[30_000]));
        long before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused(images, labels, "images.idx", "1966080000 bytes of pixels", $"{images.Length} compressed bytes");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_small_file_that_announces_ten_million_labels_is_refused_without_allocating_them(bool gzip)
    {
        byte[] images = IdxBytes.Bytes([2051, 10_000_000, 1, 1]), labels = IdxBytes.Bytes([2049, 10_000_000], new byte[100]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused(images, gzip ? IdxBytes.Gzip(labels) : labels, "labels.idx", "10000000 bytes of labels");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void A_gzip_bomb_is_read_no_further_than_its_header_announces()
    {
        byte[] bomb = IdxBytes.Gzip([.. s_images, .. new byte[100_000_000]]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused(bomb, s_labels, "images.idx", "byte 28", "must end after 12 bytes");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void Four_million_images_of_one_pixel_take_little_more_than_their_pixels()
    {
        // A few kilobytes of gzip: the memory kept for each image besides its pixels must not grow to a hundred megabytes.
        const int Count = 4_000_000;
        byte[] images = IdxBytes.Gzip(IdxBytes.Images(Count, 1, 1, new byte[Count])),
            labels = IdxBytes.Gzip(IdxBytes.Labels(new byte[Count]));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(Count, Read(images, labels).Count);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L << 20);
    }

    private DigitSet Read(byte[] images, byte[] labels) =>
        IdxReader.Read(_folder.Write("images.idx", images), _folder.Write("labels.idx", labels));

    private void AssertRefused(byte[] images, byte[] labels, params string[] parts)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Read(images, labels));
        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }
}
