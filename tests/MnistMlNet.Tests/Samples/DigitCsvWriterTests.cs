using System.Text;
using DigitRecognition;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;
using MnistMlNet.Tests.Mnist;

namespace MnistMlNet.Tests.Samples;

public sealed class DigitCsvWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_header_is_label_and_1x1_to_28x28_and_the_rows_are_the_digits()
    {
        byte[] pixels = [.. Enumerable.Range(0, 2 * 784).Select(i => (byte)(i % 256))];
        IDataView digits = Load(2, pixels, [8, 3]);
        using MemoryStream stream = new();

        DigitCsvWriter.Write(digits, stream, _ => { }, CancellationToken.None);

        string[] lines = Encoding.ASCII.GetString(stream.ToArray()).Split('\n');
        Assert.Equal(DigitCsv.GridHeader, lines[0]);
        Assert.Equal("8," + string.Join(',', pixels.Take(784)), lines[1]);
        Assert.Equal("3," + string.Join(',', pixels.Skip(784)), lines[2]);
        Assert.Equal(["", ""], [lines[3], string.Concat(lines.Skip(4))]);
    }

    [Fact]
    public void The_TextLoader_reads_what_LoadFromIdx_gave()
    {
        IDataView digits = _mlContext.Data.TakeRows(
            _mlContext.Data.LoadFromIdx(Repository.MnistFile("t10k-images-idx3-ubyte.gz"),
                Repository.MnistFile("t10k-labels-idx1-ubyte.gz")), 50);
        string path = _folder.File("digits.csv");

        AtomicFile.Write(path, stream => DigitCsvWriter.Write(digits, stream, _ => { }, CancellationToken.None));

        IDataView read = _mlContext.Data.LoadFromTextFile(path, CsvLayout.Detect(path).ToLoaderOptions());
        Assert.Equal(digits.GetColumn<string>("Label"), read.GetColumn<string>("Label"));
        Assert.Equal(digits.GetColumn<float[]>("Features"), read.GetColumn<float[]>("Features"));
        Assert.Equal(["digits.csv"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_cancelled_writing_leaves_no_file_behind()
    {
        IDataView digits = Load(1, new byte[784], [0]);

        Assert.Throws<OperationCanceledException>(() => AtomicFile.Write(
            _folder.File("digits.csv"), stream => DigitCsvWriter.Write(digits, stream, _ => { }, new CancellationToken(canceled: true))));

        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "digits.csv*"));
    }

    private IDataView Load(int count, byte[] pixels, byte[] labels) =>
        _mlContext.Data.LoadFromIdx(_folder.Write("images", IdxBytes.Images(count, 28, 28, pixels)),
            _folder.Write("labels", IdxBytes.Labels(labels)));
}
