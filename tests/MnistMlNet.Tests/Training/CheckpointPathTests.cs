using Microsoft.ML;
using MnistMlNet.Tests.Primitives;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>Whether a checkpoint can be written is checked before the first epoch, not after it.</summary>
[Collection(nameof(RunsAlone))]
public sealed class CheckpointPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 1);
    private int _epochs;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_does_not_exist_is_refused_before_the_first_epoch()
    {
        string folder = _folder.File("nowhere");

        AssertRefused<DirectoryNotFoundException>(Path.Combine(folder, "a.checkpoint"), $"the folder '{folder}' does not exist");
    }

    [Fact]
    public void A_folder_as_checkpoint_is_refused_before_the_first_epoch() => AssertRefused<IOException>(_folder.Path, "it is a folder");

    [LinuxFact]
    public void A_FIFO_as_checkpoint_is_refused_before_the_first_epoch_without_waiting() =>
        AssertRefused<IOException>(SpecialFile.Fifo(_folder.File("fifo")), "it is a FIFO");

    // The limit counts bytes: "ä" has two.
    [LinuxFact]
    public void A_name_longer_than_the_file_system_allows_is_refused_before_the_first_epoch() => Assert.All(
        new[] { new string('n', 256), new string('ä', 128) },
        name => AssertRefused<PathTooLongException>(
            _folder.File(name), "a name in it, or the whole path, is longer than the system allows"));

    [LinuxFact]
    public void Links_in_a_circle_are_refused_before_the_first_epoch_whether_the_file_or_its_folder_is_one_of_them()
    {
        File.CreateSymbolicLink(_folder.File("a"), "b");
        File.CreateSymbolicLink(_folder.File("b"), "a");

        Assert.All(new[] { _folder.File("a"), Path.Combine(_folder.File("b"), "a.checkpoint") }, path =>
            AssertRefused<IOException>(path, "its links lead in a circle. Remove one of them, or give another path."));
    }

    // On other systems a current folder can't be deleted.
    [LinuxFact]
    public void A_relative_path_in_a_folder_that_was_deleted_is_refused_with_what_to_do()
    {
        string before = Directory.GetCurrentDirectory(), gone = Directory.CreateDirectory(_folder.File("gone")).FullName;
        try
        {
            Directory.SetCurrentDirectory(gone);
            Directory.Delete(gone);

            DirectoryNotFoundException e = Assert.Throws<DirectoryNotFoundException>(() => Fit("a.checkpoint", resume: false));

            Assert.Equal(
                "CheckpointPath 'a.checkpoint' is a relative path, and the current folder was deleted. Give a full path, or change to a "
                    + "folder that exists.",
                e.Message);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }

    // Also for root: nobody can make files in /proc.
    [LinuxFact]
    public void A_folder_that_takes_no_files_is_refused_before_the_first_epoch() => AssertRefused<IOException>("/proc/a.checkpoint", "");

    [LinuxFact(NeedsRoot = true)]
    public void A_device_is_no_checkpoint_to_resume_from()
    {
        string path = _folder.File("null");
        Assert.True(SpecialFile.TryNullDevice(path), "mknod failed.");

        IOException e = Assert.Throws<IOException>(() => Fit(path, resume: true));

        Assert.StartsWith($"'{path}' can't be read: it is a character device", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, _epochs);
    }

    [Fact]
    public void A_link_to_nothing_is_no_checkpoint_yet_and_stays_a_link()
    {
        string path = _folder.File("link");
        File.CreateSymbolicLink(path, "target");

        Fit(path, resume: true);
        Fit(path, resume: true);

        Assert.Equal(2, _epochs);
        Assert.Equal("target", new FileInfo(path).LinkTarget);
        Assert.Equal([path, _folder.File("target")], Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    [Fact]
    public void A_relative_path_means_the_folder_in_which_Fit_began()
    {
        string before = Directory.GetCurrentDirectory(), first = Directory.CreateDirectory(_folder.File("first")).FullName;
        string second = Directory.CreateDirectory(_folder.File("second")).FullName;
        try
        {
            Directory.SetCurrentDirectory(first);
            Fit("a.checkpoint", resume: false, () => Directory.SetCurrentDirectory(second));
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }

        Assert.Equal(
            [Path.Combine(first, "a.checkpoint")],
            Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Where(File.Exists));
    }

    private void AssertRefused<TException>(string path, string why)
        where TException : Exception
    {
        Assert.All(new[] { false, true }, resume =>
        {
            TException e = Assert.Throws<TException>(() => Fit(path, resume));
            Assert.StartsWith($"CheckpointPath '{path}' can't be written: {why}", e.Message, StringComparison.Ordinal);
        });
        Assert.Equal(0, _epochs);
    }

    private void Fit(string path, bool resume, Action? afterEpoch = null) => Examples.Trainer(_mlContext, (Options options) =>
    {
        options.NumberOfEpochs = 2;
        options.CheckpointPath = path;
        options.ResumeFromCheckpoint = resume;
        options.EpochCallback = _ =>
        {
            _epochs++;
            afterEpoch?.Invoke();
        };
    }).Fit(Examples.Keyed(_mlContext, Examples.Rows(60)));
}
