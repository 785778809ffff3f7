using DigitPad.Images;
using MnistMlNet.Mnist;
using MnistMlNet.Tests.Trust.Fuzzing;

namespace MnistMlNet.Tests.Samples.Pad;

public sealed class PngReaderTests
{
    // Grey of (R, G, B) = (0.299 R + 0.587 G + 0.114 B), rounded: red 76, green 150, blue 29.
    [Fact]
    public void Colours_become_grey_as_bright_as_the_eye_sees_them()
    {
        byte[] colours = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 10, 20, 30];
        byte[] png = PngBytes.Image(3, 2, 8, 2, PngBytes.Rows(colours, 9));

        GreyImage image = PngReader.Read(png, ImagePolarity.DarkOnLight);

        Assert.Equal((3, 2), (image.Width, image.Height));
        Assert.Equal([76, 150, 29, 255, 0, 18], image.Pixels);
    }

    [Fact]
    public void Transparent_pixels_become_background()
    {
        // Black at alpha 0, 255 and 51 (a fifth); then white.
        byte[] png = PngBytes.Image(4, 1, 8, 6, PngBytes.Rows([0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 51, 255, 255, 255, 0], 16));

        Assert.Equal([255, 0, 204, 255], PngReader.Read(png, ImagePolarity.DarkOnLight).Pixels);
        Assert.Equal([0, 0, 0, 0], PngReader.Read(png, ImagePolarity.LightOnDark).Pixels);
    }

    [Fact]
    public void Grey_with_alpha_and_palettes_are_read()
    {
        Assert.Equal(
            [200, 255], PngReader.Read(PngBytes.Image(2, 1, 8, 4, PngBytes.Rows([200, 255, 7, 0], 4)), ImagePolarity.DarkOnLight).Pixels);
        Assert.Equal(
            [0, 76, 255], PngReader.Read(PngBytes.Image(3, 1, 8, 3, PngBytes.Rows([0, 2, 1], 3), [0, 0, 0, 255, 255, 255, 255, 0, 0]),
            ImagePolarity.DarkOnLight).Pixels);
    }

    // A palette of black and white, one bit a pixel: 0b1010_0000 is white, black, white.
    [Fact]
    public void Scans_of_one_bit_a_pixel_are_read() =>
        Assert.Equal(
            [255, 0, 255], PngReader.Read(PngBytes.Image(3, 1, 1, 3, [0, 0b1010_0000], [0, 0, 0, 255, 255, 255]), ImagePolarity.DarkOnLight)
            .Pixels);

    // Grey without a palette: 0 is black, and the largest number of that many bits is white.
    [Theory]
    [InlineData(1, 0b1010_0000, new byte[] { 255, 0, 255 })]
    [InlineData(2, 0b1101_1000, new byte[] { 255, 85, 170 })]
    [InlineData(4, 0x9F, new byte[] { 153, 255 })]
    public void Read_GreyOfFewBits_ScalesTheNumbersTo255(byte bits, byte row, byte[] expected) =>
        Assert.Equal(
            expected, PngReader.Read(PngBytes.Image(expected.Length, 1, bits, 0, [0, row]), ImagePolarity.DarkOnLight).Pixels);

    // The chunk tRNS names a colour that is transparent, or gives the opacity of the palette's first colours.
    [Theory]
    [InlineData(1, 0, new byte[] { 0, 0 }, new byte[] { 0, 0b1010_0000 }, new byte[] { 255, 255, 255 })]
    [InlineData(8, 0, new byte[] { 0, 9 }, new byte[] { 0, 8, 9, 10 }, new byte[] { 8, 255, 10 })]
    [InlineData(8, 2, new byte[] { 0, 9, 0, 9, 0, 9 }, new byte[] { 0, 9, 9, 9, 9, 9, 19 }, new byte[] { 255, 10 })]
    [InlineData(8, 3, new byte[] { 51 }, new byte[] { 0, 0, 1 }, new byte[] { 204, 0 })]
    public void Read_TransparentColour_ShowsTheGround(byte bits, byte colourType, byte[] transparency, byte[] row, byte[] expected)
    {
        byte[] png = PngBytes.Image(expected.Length, 1, bits, colourType, row, colourType == 3 ? new byte[6] : null);
        int pixels = png.AsSpan().IndexOf("IDAT"u8) - 4;

        byte[] transparent = [.. png[..pixels], .. PngBytes.Chunk("tRNS"u8, transparency), .. png[pixels..]];

        Assert.Equal(expected, PngReader.Read(transparent, ImagePolarity.DarkOnLight).Pixels);
    }

    [Fact]
    public void Read_TransparentColourOfTheWrongLength_IsRefused()
    {
        byte[] png = PngBytes.Grey(1, 1, [0]);
        int pixels = png.AsSpan().IndexOf("IDAT"u8) - 4;

        Assert.Equal("has a transparent colour of 3 bytes, which colour type 0 can't have.",
            Refusal([.. png[..pixels], .. PngBytes.Chunk("tRNS"u8, [0, 0, 0]), .. png[pixels..]]));
    }

    [Fact]
    public void Read_UnknownFilter_IsRefused() =>
        Assert.Equal("has a row with filter 5; 0 to 4 are expected.", Refusal(PngBytes.Image(1, 1, 8, 0, [5, 0])));

    public static TheoryData<byte, byte, bool> Forms
    {
        get
        {
            TheoryData<byte, byte, bool> forms = [];
            foreach ((byte bits, byte colourType) in (ReadOnlySpan<(byte, byte)>)
                [(1, 0), (2, 0), (4, 0), (8, 0), (8, 2), (1, 3), (2, 3), (4, 3), (8, 3), (8, 4), (8, 6)])
            {
                forms.Add(bits, colourType, false);
                forms.Add(bits, colourType, true);
            }

            return forms;
        }
    }

    // Random samples, written by the specification: packed into bits, filtered with a random filter for each row, in one pass or seven.
    [Theory]
    [MemberData(nameof(Forms))]
    public void Read_EveryFormAndFilterAndWidth_GivesTheSamplesThatWereWritten(byte bits, byte colourType, bool isInterlaced)
    {
        Random random = new(bits + colourType);
        for (int width = 1; width <= 21; width++)
        {
            PngWriter writer = new(width, height: 11, bits, colourType, random);
            Assert.Equal(writer.Grey(),
                PngReader.Read(PngBytes.Image(width, 11, bits, colourType, writer.Rows(isInterlaced), writer.Palette,
                    isInterlaced: isInterlaced), ImagePolarity.DarkOnLight).Pixels);
        }
    }

    [Theory]
    [InlineData(true, "has a pixel whose index is beyond its palette of 2 colours.")]
    [InlineData(false, "has no palette; its colour type 3 needs one.")]
    public void Read_PaletteWithoutTheIndexedColour_RefusesTheImage(bool hasPalette, string message) =>
        Assert.Equal(
            message, Refusal(PngBytes.Image(2, 1, 8, 3, [0, 0, 9], hasPalette ? [0, 0, 0, 255, 255, 255] : null)));

    [Theory]
    [InlineData(0, 5, 8, 0, "is 0 × 5 pixels.")]
    [InlineData(1025, 5, 8, 0, "is 1025 × 5 pixels")]
    [InlineData(5, 2_000_000_000, 8, 0, "is 5 × 2000000000 pixels")]
    [InlineData(5, -1, 8, 0, "is 5 × 4294967295 pixels")]
    [InlineData(5, 5, 16, 0, "has 16 bits a sample and colour type 0")]
    [InlineData(5, 5, 8, 5, "has 8 bits a sample and colour type 5")]
    public void A_size_or_form_that_is_not_read_is_refused_before_it_is_decoded(int width, int height, byte bits, byte colourType,
        string message) =>
        Assert.StartsWith(message, Refusal(PngBytes.Image(width, height, bits, colourType, new byte[30])), StringComparison.Ordinal);

    [Fact]
    public void Read_WrongChecksum_NamesTheChunk()
    {
        byte[] png = PngBytes.Grey(2, 2, [0, 1, 2, 3]);
        png[29] ^= 1;                                                                  // the CRC of the header: 8 + 4 + 4 + 13

        Assert.Equal("has a wrong checksum in the chunk at byte 8.", Refusal(png));
    }

    [Fact]
    public void Read_FewerRowsThanTheSizeNeeds_SaysHowManyBytes() =>
        Assert.Equal("unpacks to 3 bytes; its size needs 6.", Refusal(PngBytes.Image(2, 2, 8, 0, [0, 1, 2])));

    // Adam7 of 2 × 2: passes 1, 6 and 7 have the pixels (0, 0), (1, 0) and the second row.
    [Fact]
    public void Read_Interlaced_PutsThePixelsInTheirPlaces() =>
        Assert.Equal(
            [10, 20, 30, 40], PngReader.Read(PngBytes.Image(2, 2, 8, 0, [0, 10, 0, 20, 0, 30, 40], isInterlaced: true),
            ImagePolarity.DarkOnLight).Pixels);

    [Fact]
    public void Read_BytesAfterTheEnd_SaysWhere() =>
        Assert.StartsWith("has 3 bytes after its end at byte", Refusal([.. PngBytes.Grey(1, 1, [0]), 1, 2, 3]), StringComparison.Ordinal);

    [Fact]
    public void A_small_file_that_unpacks_to_a_hundred_megabytes_is_refused_without_unpacking_it()
    {
        byte[] png = PngBytes.Image(5, 5, 8, 0, PngBytes.Pack(new byte[100_000_000]), isPacked: true);
        Assert.InRange(png.Length, 0, 200_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.StartsWith("unpacks to more than", Refusal(png), StringComparison.Ordinal);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
    }

    [Fact]
    public void A_file_cut_short_or_damaged_anywhere_is_refused_or_read_and_nothing_else()
    {
        byte[] png = PngBytes.Grey(20, 20, [.. Enumerable.Range(0, 400).Select(i => (byte)(i * 7))]);
        Random random = new(3);
        for (int length = 0; length < png.Length; length++)
        {
            byte[] cut = png[..length], damaged = [.. png];
            damaged[length] ^= (byte)random.Next(1, 256);

            // Without its last chunk, of 12 bytes, an image still has all its pixels.
            Exception? ofCut = Record.Exception(() => PngReader.Read(cut, ImagePolarity.DarkOnLight)),
                ofDamaged = Record.Exception(() => PngReader.Read(damaged, ImagePolarity.DarkOnLight));
            Assert.True(ofCut is InvalidDataException || (ofCut is null && length == png.Length - 12),
                $"Cut after {length} bytes: {ofCut}");
            Assert.True(ofDamaged is null or InvalidDataException, $"Byte {length} changed: {ofDamaged}");
        }
    }

    [Fact]
    public void A_file_that_is_not_a_PNG_is_refused()
    {
        Assert.Equal("is empty.", Refusal([]));
        Assert.StartsWith("doesn't begin with", Refusal("GIF89a..."u8.ToArray()), StringComparison.Ordinal);
    }

    private static string Refusal(byte[] png) =>
        Assert.Throws<InvalidDataException>(() => PngReader.Read(png, ImagePolarity.DarkOnLight)).Message;
}
