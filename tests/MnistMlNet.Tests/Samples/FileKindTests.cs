using System.IO.Compression;
using System.Text;
using DigitRecognition;

namespace MnistMlNet.Tests.Samples;

/// <summary>A data file of another kind is named as what it is.</summary>
public sealed class FileKindTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // The first bytes as the formats' own specifications give them.
    public static TheoryData<string, byte[], string> Kinds => new()
    {
        { "a.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "a PNG image" },
        { "a.jpg", [0xFF, 0xD8, 0xFF, 0xE0], "a JPEG image" },
        { "a.gif", "GIF89a"u8.ToArray(), "a GIF image" },
        { "a.bmp", [0x42, 0x4D, 0x36, 0, 0, 0, 0, 0], "a BMP image" },
        { "a.tif", [0x49, 0x49, 0x2A, 0x00], "a TIFF image" },
        { "b.tif", [0x4D, 0x4D, 0x00, 0x2A], "a TIFF image" },
        { "a.webp", [.. "RIFF"u8, 0x24, 0, 0, 0, .. "WEBPVP8 "u8], "a WebP image" },
        { "images", [0, 0, 8, 3, 0, 0, 0x27, 0x10], "an IDX file of images" },
        { "labels", [0, 0, 8, 1, 0, 0, 0x27, 0x10], "an IDX file of labels" },
        { "book.xlsx", [0x50, 0x4B, 3, 4], "a zip archive or an Excel workbook" },
        { "a.pdf", "%PDF-1.7"u8.ToArray(), "a PDF document" },
        { "a.parquet", "PAR1"u8.ToArray(), "a Parquet file" },
        { "a.npy", [0x93, .. "NUMPY"u8], "a NumPy array" },
        { "utf16.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("1,2")], "text in UTF-16" },
        { "program", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0], "a binary file" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_of_another_kind_is_named_with_what_to_do(string name, byte[] content, string kind)
    {
        string path = _folder.Write(name, content);

        string[] lines = Refusal(path).Split('\n');

        Assert.Equal($"'{path}' looks like {kind}; a CSV file of digits is expected.", lines[0]);
        Assert.Equal(2, lines.Length);
        Assert.True(lines[1].Length > 0);
    }

    [Fact]
    public void The_command_for_a_compressed_file_decompresses_it()
    {
        string path = _folder.File("my digits.csv.gz");
        using (GZipStream file = new(File.Create(path), CompressionLevel.Fastest))
        {
            file.Write("1,2\n"u8);
        }

        Assert.Contains($"looks like a file compressed by gzip; a CSV file of digits is expected.\nDecompress it first: gunzip --keep "
            + Invocation.Quote(path), Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_MNIST_is_for_the_option_that_reads_it() => Assert.Contains(
        "Train on IDX files by --idx and their folder", Refusal(Repository.MnistFile("t10k-images-idx3-ubyte.gz")),
        StringComparison.Ordinal);

    [Fact]
    public void A_folder_is_no_file() => Assert.StartsWith(
        $"'{_folder.Path}' is a folder; a CSV file is expected.\n", Refusal(_folder.Path), StringComparison.Ordinal);

    [Fact]
    public void A_mistyped_name_is_answered_with_the_similar_one()
    {
        string path = _folder.Write("digits.csv", "1,2\n");

        Assert.Equal(
            $"The CSV file '{_folder.File("digts.csv")}' does not exist.\nDid you mean '{path}'?",
            Assert.Throws<FileNotFoundException>(() => FileKind.CheckCsv(_folder.File("digts.csv"))).Message);
    }

    [Theory]
    [InlineData("label,pixel0\n")]
    [InlineData("\uFEFF1,2\n")]
    [InlineData("BM,BMI\n")]
    [InlineData("GI,F8\n")]
    [InlineData("é,à\n")]
    public void Text_is_accepted(string content) => FileKind.CheckCsv(_folder.Write("digits.csv", content));

    private static string Refusal(string path) => Assert.Throws<InvalidDataException>(() => FileKind.CheckCsv(path)).Message;
}
