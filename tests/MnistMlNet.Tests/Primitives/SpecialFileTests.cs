using MnistMlNet.Primitives;

namespace MnistMlNet.Tests.Primitives;

/// <summary>Writing to what isn't a regular file: nothing hangs, and nothing is replaced.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxFact]
    public void Writing_to_a_FIFO_is_refused_by_name_and_leaves_the_FIFO()
    {
        string path = SpecialFile.Fifo(_folder.File("fifo"));

        IOException e = Assert.Throws<IOException>(() => AtomicFile.Write(path, _ => Assert.Fail("Nothing should be written.")));
        IOException check = Assert.Throws<IOException>(() => AtomicFile.CheckWritable(path, "CheckpointPath"));

        Assert.Equal($"'{path}' can't be written: it is a FIFO; expected the name of a file.", e.Message);
        Assert.Equal($"CheckpointPath '{path}' can't be written: it is a FIFO; expected the name of a file.", check.Message);
        Assert.Equal("fifo", SpecialFile.Status(path, "%F"));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [LinuxFact]
    public void Writing_through_a_link_to_a_FIFO_is_refused_and_leaves_both()
    {
        string path = SpecialFile.Fifo(_folder.File("fifo"));
        File.CreateSymbolicLink(_folder.File("link"), path);

        Assert.Throws<IOException>(() => AtomicFile.Write(_folder.File("link"), _ => { }));

        Assert.Equal(path, new FileInfo(_folder.File("link")).LinkTarget);
        Assert.Equal("fifo", SpecialFile.Status(path, "%F"));
    }

    // The system resolves "link/.." to the folder that holds the link's target, .NET to the folder that holds the link: the FIFO's.
    [LinuxFact]
    public void A_FIFO_behind_a_link_and_two_dots_is_neither_replaced_nor_waited_for()
    {
        string fifo = SpecialFile.Fifo(_folder.File("fifo"));
        Directory.CreateDirectory(_folder.File("there/sub"));
        Directory.CreateSymbolicLink(_folder.File("link"), _folder.File("there/sub"));
        string path = _folder.Path + "/link/../fifo";

        Assert.Throws<IOException>(() => AtomicFile.Write(path, _ => Assert.Fail("Nothing should be written.")));
        Assert.Throws<IOException>(() => AtomicFile.CheckWritable(path, "CheckpointPath"));
        Assert.Throws<IOException>(() => TwoLayerNetworkModelParameters.LoadNpz(path));

        Assert.Equal("fifo", SpecialFile.Status(fifo, "%F"));
    }

    [LinuxFact(NeedsRoot = true)]
    public void A_character_device_is_written_to_and_stays_one()
    {
        string path = _folder.File("null");
        Assert.True(SpecialFile.TryNullDevice(path), "mknod failed.");
        using var model = new MemoryStream();
        bool isWhole = false;

        AtomicFile.CheckWritable(path, "CheckpointPath");
        AtomicFile.Write(path, stream =>
        {
            // As the writers of zips do.
            stream.Write([1, 2, 3, 4]);
            stream.Position = 1;
            stream.Write([9]);
            isWhole = stream is { CanSeek: true, Length: 4 };
        });

        Assert.True(isWhole);
        Assert.Equal("character special file 1 3", SpecialFile.Status(path, "%F %t %T"));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [LinuxFact(NeedsRoot = true)]
    public void A_replaced_file_keeps_its_owner_and_rights()
    {
        string path = _folder.Write("model", [1]);
        Assert.True(SpecialFile.Run("chown", "12345:23456", path));
        Assert.True(SpecialFile.Run("chmod", "640", path));

        AtomicFile.Write(path, stream => stream.Write([2]));

        Assert.Equal([2], File.ReadAllBytes(path));
        Assert.Equal("12345 23456 640", SpecialFile.Status(path, "%u %g %a"));
    }

    [LinuxFact]
    public void A_replaced_file_keeps_its_rights_and_is_readable_by_nobody_else_until_then()
    {
        string path = _folder.Write("model", [1]);
        Assert.True(SpecialFile.Run("chmod", "604", path));
        string whileWriting = "";

        AtomicFile.Write(path, _ =>
            whileWriting = SpecialFile.Status(Directory.GetFiles(_folder.Path).Single(file => file != path), "%a"));

        Assert.Equal("600", whileWriting);
        Assert.Equal("604", SpecialFile.Status(path, "%a"));
    }

    [LinuxFact]
    public void A_new_file_gets_the_rights_that_the_process_gives_every_new_file()
    {
        AtomicFile.Write(_folder.File("new"), stream => stream.Write([1]));

        Assert.Equal(SpecialFile.Status(_folder.Write("other", [1]), "%a"), SpecialFile.Status(_folder.File("new"), "%a"));
    }

    [Fact]
    public void A_name_as_long_as_the_file_system_allows_is_written_and_replaced()
    {
        string path = _folder.File(new string('n', 255));

        AtomicFile.Write(path, stream => stream.Write([1]));
        AtomicFile.CheckWritable(path, "CheckpointPath");
        AtomicFile.Write(path, stream => stream.Write([2]));

        Assert.Equal([2], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_link_to_nothing_makes_its_target()
    {
        File.CreateSymbolicLink(_folder.File("link"), "target");

        AtomicFile.CheckWritable(_folder.File("link"), "CheckpointPath");
        Assert.False(File.Exists(_folder.File("target")));
        AtomicFile.Write(_folder.File("link"), stream => stream.Write([1]));

        Assert.Equal("target", new FileInfo(_folder.File("link")).LinkTarget);
        Assert.Equal([1], File.ReadAllBytes(_folder.File("target")));
    }

    [Fact]
    public void A_path_that_cannot_be_written_is_refused_with_the_option_that_named_it()
    {
        Assert.StartsWith("--report '", Assert.Throws<IOException>(
            () => AtomicFile.CheckWritable(_folder.Path, "--report")).Message, StringComparison.Ordinal);
        Assert.Matches("^--report '.*does not exist", Assert.Throws<DirectoryNotFoundException>(
            () => AtomicFile.CheckWritable(Path.Combine(_folder.Path, "missing", "report.html"), "--report")).Message);

        // 255 bytes is the maximum of common file systems: only an attempt shows whether a name fits.
        string inFile = Path.Combine(_folder.Write("file", [1]), "report.html");
        Assert.StartsWith("--report '", Assert.ThrowsAny<IOException>(
            () => AtomicFile.CheckWritable(inFile, "--report")).Message, StringComparison.Ordinal);
        AtomicFile.CheckWritable(_folder.File("report.html"), "--report");
        Assert.Equal([_folder.File("file")], Directory.GetFileSystemEntries(_folder.Path));
    }
}
