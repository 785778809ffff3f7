using DigitRecognition;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Samples;

public sealed class CsvLayoutDetectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, bool, int?> Layouts => new()
    {
        { "Kaggle's training file", DigitCsv.Lines(DigitCsv.KaggleHeader, DigitCsv.Row("3", "7")), true, 0 },
        { "1x1 to 28x28", DigitCsv.Lines(DigitCsv.GridHeader, DigitCsv.Row("3", "7")), true, 0 },
        { "pjreddie's", DigitCsv.Lines(DigitCsv.Row("3", "7")), false, 0 },
        { "OpenML's", DigitCsv.Lines(DigitCsv.OpenMlHeader, DigitCsv.RowWithLabelLast("3", "7")), true, 784 },
        { "Kaggle's test file", DigitCsv.Lines(DigitCsv.KaggleTestHeader, DigitCsv.Row(null, "7")), true, null },
        { "pixels alone", DigitCsv.Lines(DigitCsv.Row(null, "7")), false, null },
        { "a byte order mark and Windows' line ends", "\uFEFF"
            + DigitCsv.Lines(DigitCsv.Row("3", "7")).Replace("\n", "\r\n", StringComparison.Ordinal), false, 0 },
        { "no end of line behind the last row", DigitCsv.Row("3", "7"), false, 0 },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Every_known_layout_is_seen_and_read_by_ML_NET_as_it_is_meant(string name, string content, bool hasHeader, int? labelIndex)
    {
        Assert.NotEmpty(name);
        string path = _folder.Write("digits.csv", content);

        CsvLayout layout = CsvLayout.Detect(path);

        Assert.Equal(new CsvLayout(hasHeader, labelIndex), layout);
        Assert.Equal(1, CsvCheck.Rows(path, layout, needsLabels: labelIndex is not null, CancellationToken.None));
        IDataView view = new MLContext(seed: 1).Data.LoadFromTextFile(path, layout.ToLoaderOptions());
        Assert.Equal([labelIndex is null ? "" : "3"], view.GetColumn<string>("Label"));
        Assert.Equal(Enumerable.Repeat(7f, 784), Assert.Single(view.GetColumn<float[]>("Features")));
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("nowhere.csv", Assert.Throws<FileNotFoundException>(() => CsvLayout.Detect(_folder.File("nowhere.csv"))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("", "line 1", "empty")]
    [InlineData("1,2,3\n", "line 1", "3 fields", "785", "784")]
    [InlineData("5;0;0;0\n", "line 1", "separated by ';', into 4 fields; expected ','.\nMake a file with ',': tr ';' ',' < ")]
    [InlineData("5\t0\n", "line 1", "separated by tabs, into 2 fields; expected ','.\nMake a file with ',': tr '\\t' ',' < ")]
    [InlineData("5|0\n", "separated by '|', into 2 fields")]
    [InlineData("a sentence with spaces\n", "line 1", "1 fields separated by commas")]
    [InlineData("\n\n1,2\n", "line 3", "2 fields")]
    public void A_first_line_of_no_known_layout_is_refused(string content, params string[] parts) => AssertRefused(content, parts);

    [Theory]
    [InlineData(';', "';'")]
    [InlineData('\t', "tabs")]
    [InlineData('|', "'|'")]
    [InlineData(' ', "spaces")]
    public void Another_separator_is_named_and_the_command_of_the_message_makes_a_file_that_is_read(char separator, string name)
    {
        string path = _folder.Write("my digits.csv", DigitCsv.Lines(DigitCsv.Row("3", "7")).Replace(',', separator));

        string message = Assert.Throws<InvalidDataException>(() => CsvLayout.Detect(path)).Message;

        Assert.StartsWith($"'{path}', line 1: the line is separated by {name}, into 785 fields; expected ','.\n", message,
            StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            ChildProcess.Run("/bin/sh", ["-c", message[message.IndexOf("tr ", StringComparison.Ordinal)..]]);
            Assert.Equal(new CsvLayout(HasHeader: false, 0), CsvLayout.Detect(_folder.File("my digits-comma.csv")));
        }
    }

    [Fact]
    public void Decimal_commas_in_fields_separated_by_semicolons_are_a_matter_of_saving_again() => AssertRefused(
        DigitCsv.Row("3", "7").Replace(',', ';').Replace("7", "7,5", StringComparison.Ordinal) + "\n",
        "separated by ';', into 785 fields", "\nSave it with ',' between the fields and '.' in numbers.");

    // More than 700 spaces, but the separator is right.
    [Fact]
    public void Spaces_after_commas_are_accepted()
    {
        string path = _folder.Write("digits.csv", DigitCsv.Row("3", " 7") + "\n");

        Assert.Equal(new CsvLayout(HasHeader: false, 0), CsvLayout.Detect(path));
    }

    [Fact]
    public void A_header_of_785_names_without_a_label_at_either_end_is_refused() =>
        AssertRefused(DigitCsv.Lines($"first,{DigitCsv.KaggleTestHeader}"), "line 1", "'first'", "'pixel783'", "label");

    [Fact]
    public void A_label_and_783_pixels_are_not_taken_for_784_pixels() =>
        AssertRefused(DigitCsv.Lines(DigitCsv.KaggleHeader.Replace(",pixel783", "", StringComparison.Ordinal)), "line 1", "784 fields",
            "785");

    [Fact]
    public void A_line_without_end_is_refused_before_it_fills_the_memory() =>
        AssertRefused(new string('0', 3_000_000), "line 1", "longer than 1048576 bytes");

    private void AssertRefused(string content, params string[] parts)
    {
        string path = _folder.Write("digits.csv", content);
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => CsvLayout.Detect(path));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }
}
