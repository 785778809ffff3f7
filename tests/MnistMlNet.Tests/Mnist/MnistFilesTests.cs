using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Mnist;

public sealed class MnistFilesTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData("train-images-idx3-ubyte.gz", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db")]
    [InlineData("train-labels-idx1-ubyte.gz", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5")]
    [InlineData("t10k-images-idx3-ubyte.gz", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7")]
    [InlineData("t10k-labels-idx1-ubyte.gz", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")]
    public void The_repository_s_files_are_the_published_ones(string name, string sha256)
    {
        using FileStream file = File.OpenRead(Repository.MnistFile(name));
        using GZipStream content = new(file, CompressionMode.Decompress);

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    [Fact]
    public void The_training_digits_start_with_5_0_4_1_9_and_are_60000()
    {
        IDataView view = _mlContext.Data.LoadFromIdx(Repository.MnistFile("train-images-idx3-ubyte.gz"),
            Repository.MnistFile("train-labels-idx1-ubyte.gz"));

        Assert.Equal(60_000, view.GetRowCount());
        Assert.Equal(["5", "0", "4", "1", "9"], view.GetColumn<string>("Label").Take(5));

        // The class counts that the data set's descriptions give.
        Assert.Equal(
            [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
            view.GetColumn<string>("Label").GroupBy(label => label).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
                group.Count()));
    }

    [Fact]
    public void The_test_digits_are_10000_sparse_rows_of_784_with_the_known_sum_of_ink()
    {
        IDataView view = _mlContext.Data.LoadFromIdx(Repository.MnistFile("t10k-images-idx3-ubyte.gz"),
            Repository.MnistFile("t10k-labels-idx1-ubyte.gz"));

        // Copied row by row, because GetColumn may return the same buffer again.
        (int Length, bool IsDense, double Ink)[] rows =
            [.. view.GetColumn<VBuffer<float>>("Features").Select(row =>
                (row.Length, row.IsDense, row.DenseValues().Sum(value => (double)value)))];

        Assert.Equal(10_000, rows.Length);
        Assert.All(rows, row => Assert.Equal((784, false), (row.Length, row.IsDense)));

        // The mean pixel of the test set is 33.791 (0.1325 of 255), as published with its standard deviation 0.3105.
        Assert.Equal(0.1325, rows.Sum(row => row.Ink) / (10_000d * 784 * 255), 0.0001);
    }
}
