using MnistMlNet.Mnist;
using MnistMlNet.Tests.Mnist;

namespace MnistMlNet.Tests.Primitives;

/// <summary>Reading a file that isn't a regular file is refused with the file's name, and never waits.</summary>
public sealed class ReadingSpecialFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Without a writer at the other end, opening a FIFO for reading never returns.
    [LinuxFact]
    public void Reading_a_FIFO_is_refused_by_name_and_does_not_wait()
    {
        string fifo = SpecialFile.Fifo(_folder.File("fifo")), labels = _folder.Write("labels", IdxBytes.Labels(1));

        Exception[] refused =
        [
            Assert.Throws<IOException>(() => TwoLayerNetworkModelParameters.LoadNpz(fifo)),
            Assert.Throws<IOException>(() => IdxReader.Read(fifo, labels)),
            Assert.Throws<IOException>(() => IdxReader.Read(labels, fifo)),
        ];

        Assert.All(refused, e => Assert.StartsWith(
            $"'{fifo}' can't be read: it is a FIFO; expected a regular file.", e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Reading_a_folder_says_that_it_is_one()
    {
        IOException e = Assert.Throws<IOException>(() => TwoLayerNetworkModelParameters.LoadNpz(_folder.Path));

        Assert.StartsWith($"'{_folder.Path}' can't be read: it is a folder", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact(NeedsRoot = true)]
    public void Reading_a_device_is_refused_by_name()
    {
        string path = _folder.File("null");
        Assert.True(SpecialFile.TryNullDevice(path), "mknod failed.");

        IOException e = Assert.Throws<IOException>(() => TwoLayerNetworkModelParameters.LoadNpz(path));

        Assert.StartsWith($"'{path}' can't be read: it is a character device", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Reading_links_in_a_circle_or_a_name_that_is_too_long_is_reported_and_not_as_a_missing_file()
    {
        File.CreateSymbolicLink(_folder.File("a"), "a");
        string circle = _folder.File("a"), tooLong = _folder.File(new string('n', 256));
        string labels = _folder.Write("labels", IdxBytes.Labels(1));

        Assert.All(Refusals<IOException>(circle), message =>
            Assert.Equal($"'{circle}' can't be read: its links lead in a circle. Give the path of the file itself.", message));
        Assert.All(Refusals<PathTooLongException>(tooLong), message => Assert.StartsWith(
            $"'{tooLong}' can't be read: a name in it, or the whole path, is longer than the system allows.", message,
            StringComparison.Ordinal));

        string[] Refusals<TException>(string path)
            where TException : Exception =>
        [
            Assert.Throws<TException>(() => TwoLayerNetworkModelParameters.LoadNpz(path)).Message,
            Assert.Throws<TException>(() => IdxReader.Read(path, labels)).Message,
            Assert.Throws<TException>(() => IdxReader.Read(labels, path)).Message,
        ];
    }

    [Fact]
    public void A_missing_IDX_file_is_reported_whether_its_folder_exists_or_not() => Assert.All(
        new[] { _folder.File("missing"), Path.Combine(_folder.Path, "nowhere", "missing") },
        path => Assert.Equal(
            $"The IDX file '{path}' does not exist.", Assert.Throws<FileNotFoundException>(() => IdxReader.Read(path, path)).Message));
}
