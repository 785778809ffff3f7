using DigitRecognition;

namespace MnistMlNet.Tests.Samples;

public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_path_that_cannot_be_written_is_refused_with_the_option_that_named_it()
    {
        Assert.Contains("--report '", Assert.Throws<IOException>(() => WholeFile.CheckWritable("--report", _folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<DirectoryNotFoundException>(
            () => WholeFile.CheckWritable("--report", Path.Combine(_folder.Path, "missing", "report.html"))).Message, StringComparison.Ordinal);
        WholeFile.CheckWritable("--report", _folder.File("report.html"));
    }

    [Fact]
    public void A_writing_that_fails_leaves_the_old_file_and_nothing_else()
    {
        string path = _folder.Write("report.html", "old"u8.ToArray());

        Assert.Throws<InvalidOperationException>(() => WholeFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            throw new InvalidOperationException("stopped");
        }));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFiles(_folder.Path));
    }
}
