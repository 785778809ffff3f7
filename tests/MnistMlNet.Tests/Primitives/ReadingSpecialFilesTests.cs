using MnistMlNet.Mnist;
using MnistMlNet.Tests.Mnist;

namespace MnistMlNet.Tests.Primitives;

/// <summary>Reading what isn't a regular file is refused by name, and never waits.</summary>
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
            $"'{fifo}' can't be read: it is a FIFO; a regular file is wanted.", e.Message, StringComparison.Ordinal));
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
}
