using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Mnist;

/// <summary>
/// ML.NET's own TextLoader reads every CSV layout in which MNIST is distributed, with the same result as <c>LoadFromIdx</c>.
/// </summary>
public sealed class CsvLayoutTests : IDisposable
{
    private const int Rows = 7;
    private const int Pixels = 784;

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly string[] _labels;
    private readonly float[][] _features;

    public CsvLayoutTests()
    {
        IDataView idx = _mlContext.Data.TakeRows(
            _mlContext.Data.LoadFromIdx(Repository.MnistFile("t10k-images-idx3-ubyte.gz"),
                Repository.MnistFile("t10k-labels-idx1-ubyte.gz")), Rows);
        _labels = [.. idx.GetColumn<string>("Label")];
        _features = [.. idx.GetColumn<float[]>("Features")];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_test_digits_are_the_known_ones() => Assert.Equal(["7", "2", "1", "0", "4", "1", "4"], _labels);

    [Fact]
    public void Kaggle_s_training_file_with_its_header_of_pixel0_to_pixel783() => AssertSame(
        Write("label," + Join(Enumerable.Range(0, Pixels).Select(i => $"pixel{i}")), LabelFirst), hasHeader: true, label: 0, firstPixel: 1);

    [Fact]
    public void The_layout_with_a_header_of_1x1_to_28x28() => AssertSame(
        Write("label," + Join(Enumerable.Range(0, Pixels).Select(i => $"{(i / 28) + 1}x{(i % 28) + 1}")), LabelFirst), hasHeader: true,
            label: 0, firstPixel: 1);

    [Fact]
    public void Pjreddie_s_layout_without_a_header() => AssertSame(Write(null, LabelFirst), hasHeader: false, label: 0, firstPixel: 1);

    [Fact]
    public void OpenML_s_layout_with_the_class_last() => AssertSame(
        Write(Join(Enumerable.Range(1, Pixels).Select(i => $"\"pixel{i}\"")) + ",\"class\"", i => $"{Join(_features[i])},{_labels[i]}"),
            hasHeader: true, label: Pixels, firstPixel: 0);

    [Fact]
    public void Kaggle_s_test_file_without_a_label()
    {
        string path = Write(Join(Enumerable.Range(0, Pixels).Select(i => $"pixel{i}")), i => Join(_features[i]));

        IDataView view = Load(path, true, new TextLoader.Column("Features", DataKind.Single, 0, Pixels - 1));

        Assert.Equal(_features, view.GetColumn<float[]>("Features"));
    }

    private string LabelFirst(int row) => $"{_labels[row]},{Join(_features[row])}";

    private static string Join<T>(IEnumerable<T> values) =>
        string.Join(',', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));

    private string Write(string? header, Func<int, string> line) =>
        _folder.Write(
            "digits.csv", string.Concat(
            Enumerable.Range(0, Rows).Select(line).Prepend(header).OfType<string>().Select(text => text + "\n")));

    private IDataView Load(string path, bool hasHeader, params TextLoader.Column[] columns) =>
        _mlContext.Data.LoadFromTextFile(path,
            new TextLoader.Options { HasHeader = hasHeader, Separators = [','], AllowQuoting = true, Columns = columns });

    private void AssertSame(string path, bool hasHeader, int label, int firstPixel)
    {
        IDataView view = Load(
            path, hasHeader, new TextLoader.Column("Label", DataKind.String, label),
            new TextLoader.Column("Features", DataKind.Single, firstPixel, firstPixel + Pixels - 1));

        Assert.Equal(_labels, view.GetColumn<string>("Label"));
        Assert.Equal(_features, view.GetColumn<float[]>("Features"));
    }
}
