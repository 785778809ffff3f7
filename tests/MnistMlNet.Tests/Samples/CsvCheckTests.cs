using DigitRecognition;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Samples;

public sealed class CsvCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_are_counted_without_the_header_and_without_empty_lines() =>
        Assert.Equal(3, Check(DigitCsv.KaggleHeader, DigitCsv.Row("0"), "", DigitCsv.Row("9", "255"), DigitCsv.Row("4", "12.5"), ""));

    [Fact]
    public void More_lines_than_the_buffer_holds_are_all_read() =>
        Assert.Equal(3000, Check([.. Enumerable.Range(0, 3000).Select(i => DigitCsv.Row($"{i % 10}", $"{i % 256}"))]));

    [Fact]
    public void A_short_row_is_refused_with_its_line() =>
        AssertRefused("line 3: there are 784 fields; 785 are expected", DigitCsv.KaggleHeader, DigitCsv.Row("1"), DigitCsv.Row(null));

    [Fact]
    public void A_long_row_is_refused_with_its_line() =>
        AssertRefused("line 2: there are 786 fields; 785 are expected", DigitCsv.Row("1"), DigitCsv.Row("2") + ",0");

    [Fact]
    public void Empty_lines_count_when_a_line_is_named() =>
        AssertRefused("line 4: there are 2 fields", DigitCsv.Row("1"), "", "", "1,2");

    [Theory]
    [InlineData("", "empty")]
    [InlineData("10", "'10'")]
    [InlineData("-1", "'-1'")]
    [InlineData("a", "'a'")]
    [InlineData("7.0", "'7.0'")]
    [InlineData("?", "'?'")]
    public void A_label_other_than_0_to_9_is_refused(string label, string found) =>
        AssertRefused($"line 3: the label (field 1) is {found}; it must be one of 0 to 9", DigitCsv.KaggleHeader, DigitCsv.Row("1"),
            DigitCsv.Row(label));

    [Fact]
    public void A_label_in_the_last_column_is_checked_there() =>
        AssertRefused("line 2: the label (field 785) is 'x'", DigitCsv.OpenMlHeader, DigitCsv.RowWithLabelLast("x"));

    [Theory]
    [InlineData("")]
    [InlineData("256")]
    [InlineData("-1")]
    [InlineData("255.001")]
    [InlineData("abc")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e9")]
    [InlineData("0x10")]
    [InlineData("1 2")]
    [InlineData("9999")]
    [InlineData("٣")]
    public void A_pixel_that_is_no_number_from_0_to_255_is_refused(string pixel)
    {
        string row = DigitCsv.Row("2")[..^1] + pixel;
        AssertRefused($"line 2: field 785 is {(pixel.Length == 0 ? "empty" : $"'{pixel}'")}; a pixel must be a number from 0 to 255",
            DigitCsv.Row("1"), row);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("255", 255)]
    [InlineData("007", 7)]
    [InlineData("12.5", 12.5)]
    [InlineData("1e2", 100)]
    [InlineData("+5", 5)]
    [InlineData(" 5", 5)]
    [InlineData("5 ", 5)]
    [InlineData("254.99", 254.99)]
    public void A_pixel_that_is_accepted_is_the_same_number_for_ML_NET(string pixel, float value)
    {
        string path = Write(DigitCsv.Row("1", pixel), DigitCsv.Row("2"));

        IDataView view = Training(path).Load(new MLContext(seed: 1), _ => { });
        Assert.Equal(Enumerable.Repeat(value, 784), view.GetColumn<float[]>("Features").First());
    }

    [Fact]
    public void One_label_in_all_rows_is_refused_for_training_and_good_for_a_test()
    {
        AssertRefused("line 2: up to this last line, every label is 7; training needs at least two different ones", DigitCsv.Row("7"),
            DigitCsv.Row("7"));

        string path = Write(DigitCsv.Row("7"), DigitCsv.Row("7"));
        Assert.Equal(2, CsvCheck.Rows(path, CsvLayout.Detect(path), needsLabels: true, CancellationToken.None));
    }

    [Fact]
    public void A_header_without_rows_is_refused() => AssertRefused("line 2: the file ends with no row of digits", DigitCsv.KaggleHeader);

    [Fact]
    public void A_file_without_labels_is_refused_for_training_and_good_for_prediction()
    {
        AssertRefused("line 1: there are 784 fields and so no label", DigitCsv.KaggleTestHeader, DigitCsv.Row(null));

        string path = Write(DigitCsv.KaggleTestHeader, DigitCsv.Row(null));
        Assert.Equal(1, CsvCheck.Rows(path, CsvLayout.Detect(path), needsLabels: false, CancellationToken.None));
    }

    [Fact]
    public void A_cancelled_check_stops()
    {
        string path = Write(DigitCsv.Row("1"), DigitCsv.Row("2"));
        Assert.Throws<OperationCanceledException>(() =>
            Training(path, new CancellationToken(canceled: true)).Load(new MLContext(seed: 1), _ => { }));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\n\n")]
    public void Load_AnyLineBreak_GivesTheRowsThatTheTextLoaderReads(string lineBreak)
    {
        string[] lines = [DigitCsv.KaggleHeader, .. Enumerable.Range(0, 2000).Select(i => DigitCsv.Row($"{i % 10}", $"{i % 256}"))];
        string path = _folder.Write("digits.csv", "\uFEFF" + string.Join(lineBreak, lines));
        MLContext mlContext = new(seed: 1);

        IDataView checkedRows = Training(path).Load(mlContext, _ => { });

        IDataView expected = mlContext.Data.LoadFromTextFile(path, CsvLayout.Detect(path).ToLoaderOptions());
        Assert.Equal(expected.GetColumn<string>("Label"), checkedRows.GetColumn<string>("Label"));
        Assert.Equal(expected.GetColumn<float[]>("Features"), checkedRows.GetColumn<float[]>("Features"));
        Assert.Equal($"{expected.Schema["Features"].Type}", $"{checkedRows.Schema["Features"].Type}");
    }

    [Fact]
    public void Load_LongFile_ReportsAscendingBytesUpToTheLengthOfTheFile()
    {
        string path = Write([.. Enumerable.Range(0, 3000).Select(i => DigitCsv.Row($"{i % 10}", $"{i % 256}"))]);
        List<long> reports = [];

        Training(path).Load(new MLContext(seed: 1), reports.Add);

        Assert.Equal(6, reports.Count);
        Assert.Equal(reports.Order(), reports);
        Assert.InRange(reports[0], 1, new FileInfo(path).Length);
        Assert.InRange(reports[^1], reports[0], new FileInfo(path).Length);
    }

    [Fact]
    public void Load_WrongRowInTheMiddle_NamesItsLine() => AssertRefused(
        "line 1502: there are 3 fields",
        [.. Enumerable.Range(0, 1501).Select(i => DigitCsv.Row($"{i % 10}")), "1,2,3",
            .. Enumerable.Range(0, 1500).Select(i => DigitCsv.Row($"{i % 10}"))]);

    private long Check(params string[] lines)
    {
        CheckedCsv csv = Training(Write(lines));
        csv.Load(new MLContext(seed: 1), _ => { });
        return csv.RowCount;
    }

    private static CheckedCsv Training(string path, CancellationToken cancellationToken = default) =>
        new(path, CsvLayout.Detect(path), forTraining: true, cancellationToken);

    private string Write(params string[] lines) => _folder.Write("digits.csv", DigitCsv.Lines(lines));

    private void AssertRefused(string problem, params string[] lines)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Check(lines));
        Assert.Contains($"'{_folder.File("digits.csv")}', {problem}", e.Message, StringComparison.Ordinal);
    }
}
