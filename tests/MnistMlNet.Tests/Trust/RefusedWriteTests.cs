using System.Diagnostics;
using MnistMlNet.Primitives;
using MnistMlNet.Tests.Primitives;
using MnistMlNet.Tests.Trust.Killing;

namespace MnistMlNet.Tests.Trust;

/// <summary>
/// Where the disk is full, a permission is missing or the folder doesn't exist: the error names the path, and the old file is unchanged.
/// </summary>
public sealed class RefusedWriteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Writers => [.. AtomicWriter.All.Select(writer => writer.Name)];

    // A limit of 50 KB for each file simulates a full disk: writing beyond it fails, after part of the file was written.
    [UnixTheory]
    [MemberData(nameof(Writers))]
    public void A_disk_that_fills_up_while_writing_keeps_the_old_file(string writer) =>
        AssertRefused(writer, "trap '' XFSZ; ulimit -f 100; exec \"$@\"", _folder.Path);

    // Root may write everywhere, unless it drops that capability.
    [UnixTheory]
    [MemberData(nameof(Writers))]
    public void A_read_only_folder_keeps_the_old_file(string writer)
    {
        string folder = Directory.CreateDirectory(_folder.File("read-only")).FullName;
        AssertRefused(
            writer,
            "chmod 555 \"$(dirname \"${0}\")\"; if [ \"$(id -u)\" = 0 ]; then exec setpriv --bounding-set=-dac_override,-dac_read_search "
                + "\"$@\"; else exec \"$@\"; fi",
            folder);
    }

    // Root may do so, unless it drops that capability.
    [LinuxFact(NeedsRoot = true)]
    public void A_file_of_another_owner_in_a_sticky_folder_is_refused_as_a_checkpoint_before_training()
    {
        string folder = Directory.CreateDirectory(_folder.File("sticky")).FullName;

        string output = AssertRefused(
            "checkpoint",
            "d=\"$(dirname \"$0\")\"; chown 12345 \"$0\" \"$d\"; chmod 1777 \"$d\"; exec setpriv --bounding-set=-fowner \"$@\"",
            folder);

        // The option's name is known only before the first epoch.
        Assert.Contains("CheckpointPath '", output, StringComparison.Ordinal);
        Assert.Contains("the file there may not be replaced: Operation not permitted", output, StringComparison.Ordinal);
    }

    [LinuxFact(NeedsRoot = true)]
    public void A_file_of_one_s_own_in_a_sticky_folder_of_another_owner_is_replaced()
    {
        string folder = Directory.CreateDirectory(_folder.File("sticky")).FullName, path = Path.Combine(folder, "model.checkpoint");
        AtomicWriter writer = AtomicWriter.Named("checkpoint");
        writer.Write(AtomicWriter.Network(1), path);
        Assert.True(SpecialFile.Run("chown", "12345", folder));
        Assert.True(SpecialFile.Run("chmod", "1777", folder));

        writer.Write(AtomicWriter.Network(2), path);

        Assert.Equal(2, writer.NumberIn(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_that_vanishes_while_writing_is_named_with_the_path(bool afterWriting)
    {
        string folder = Directory.CreateDirectory(_folder.File("vanishing")).FullName, path = Path.Combine(folder, "model.npz");

        Exception e = Assert.ThrowsAny<IOException>(() => AtomicFile.Write(path, stream =>
        {
            if (afterWriting)
            {
                stream.Write([1, 2, 3]);
            }

            Directory.Delete(folder, recursive: true);
        }));

        Assert.Contains($"'{path}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_a_file_is_named_with_the_path_and_left_as_it_is()
    {
        string file = _folder.Write("file", [1, 2, 3]), path = Path.Combine(file, "model.npz");

        Exception e = Assert.ThrowsAny<IOException>(() => AtomicWriter.Named("npz").Write(AtomicWriter.Network(1), path));

        Assert.Contains($"'{path}'", e.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(file));
    }

    // Checks those files that we can read: for ONNX there is no reader here, and a training without its checkpoint starts from the
    // beginning.
    [Theory]
    [InlineData("npz")]
    [InlineData("zip")]
    public void A_file_that_has_vanished_is_named_when_it_is_read(string writer)
    {
        string path = _folder.File("vanished." + writer);

        Exception e = Assert.ThrowsAny<IOException>(() => AtomicWriter.Named(writer).Read(path));

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    /// <param name="script">Runs the command "$@" where it must fail; "$0" is the path that it writes to.</param>
    /// <returns>What the command said.</returns>
    private static string AssertRefused(string writer, string script, string folder)
    {
        string path = Path.Combine(folder, "model." + writer);
        AtomicWriter.Named(writer).Write(AtomicWriter.Network(1), path);
        byte[] old = File.ReadAllBytes(path);

        using Process process = TrustProcess.Start("sh",
            ["-c", script, path, ChildProcess.DotNet, .. TrustProcess.Arguments("write-once", writer, path)]);
        string output = ChildProcess.End(process).Output;

        Assert.True(process.ExitCode == WriteCommand.Refused, $"The child process ended with {process.ExitCode}: {output}");
        Assert.Contains($"'{path}'", output, StringComparison.Ordinal);
        Assert.Equal(old, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder));
        return output;
    }
}
