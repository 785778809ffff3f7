namespace MnistMlNet.Primitives;

/// <summary>Writes a file so that its path holds either the old content or the complete new content, never a part.</summary>
internal static class AtomicFile
{
    /// <summary>The prefix of temporary names. They omit the file's own name, which may be as long as the file system allows.</summary>
    public const string TemporaryPrefix = ".mnistmlnet.";

    private const UnixFileMode GroupRights = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    private const UnixFileMode OtherRights = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const UnixFileMode UserRights = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Writes to a temporary file in the same folder, flushes it to the disk and renames it to <paramref name="path"/>.</summary>
    /// <param name="path">
    /// The file to create or replace. A replaced file keeps its permissions, and its owner if the process is allowed to set the owner.
    /// A link is followed and remains a link. A character device is written to directly, without a temporary file.
    /// </param>
    /// <param name="write">Writes the content; the stream is seekable and starts empty.</param>
    /// <exception cref="DirectoryNotFoundException">The folder of <paramref name="path"/> doesn't exist.</exception>
    /// <exception cref="IOException">The file couldn't be written; the message names <paramref name="path"/>. Other exceptions of
    /// <paramref name="write"/> are passed on unchanged. In both cases the old content is still there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);

        string named = $"'{Shown.Long(path)}'";
        FileStatus old = Examine(path, named);
        string target = TargetOf(path, named);
        if (old.Kind == PathKind.CharacterDevice)
        {
            WriteToDevice(target, named, write);
        }
        else
        {
            Replace(target, old, named, write);
        }
    }

    /// <summary>Finds out before the work begins whether <see cref="Write"/> would fail: creates a temporary file and deletes it, and
    /// checks whether an existing file may be replaced. It can't check that there will be enough free space.</summary>
    /// <param name="path">The path.</param>
    /// <param name="option">The option that gave the path, for the message.</param>
    /// <exception cref="DirectoryNotFoundException">The folder of <paramref name="path"/> doesn't exist.</exception>
    /// <exception cref="IOException">The path can't be written to; the message names option and path.</exception>
    public static void CheckWritable(string path, string option)
    {
        ArgumentException.ThrowIfNullOrEmpty(path, option);

        string named = $"{option} '{Shown.Long(path)}'";
        FileStatus old = Examine(path, named);
        string target = TargetOf(path, named);
        try
        {
            if (old.Kind == PathKind.CharacterDevice)
            {
                OpenDevice(target).Dispose();
                return;
            }

            string temporary = TemporaryBeside(target);
            new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None).Dispose();
            File.Delete(temporary);
            if (old.Kind == PathKind.File && FileStatus.WhyNotReplaceable(target) is { } reason)
            {
                throw new UnauthorizedAccessException(
                    $"the file there may not be replaced: {reason}. Where the folder has the sticky bit, as /tmp has, only its owner may. "
                        + "Give another path.");
            }
        }
        catch (Exception e) when (e is (IOException and not DirectoryNotFoundException) or UnauthorizedAccessException)
        {
            throw new IOException($"{named} can't be written: {Shown.Long(e.Message)}", e);
        }
    }

    /// <summary>Throws if the path can be neither replaced nor written to directly.</summary>
    private static FileStatus Examine(string path, string named)
    {
        FileStatus status = FileStatus.Of(path);
        return status.Kind switch
        {
            PathKind.Nothing or PathKind.File or PathKind.CharacterDevice => status,
            PathKind.Circle => throw new IOException(
                $"{named} can't be written: its links lead in a circle. Remove one of them, or give another path."),
            PathKind.TooLong => throw new PathTooLongException(
                $"{named} can't be written: a name in it, or the whole path, is longer than the system allows, which often is 255 bytes "
                    + "for a name. Give a shorter one."),
            _ => throw new IOException($"{named} can't be written: it is {FileStatus.Name(status.Kind)}; expected the name of a file."),
        };
    }

    private static string TargetOf(string path, string named)
    {
        string target;
        try
        {
            target = FileStatus.TargetOf(path);
        }
        catch (IOException e)
        {
            throw new IOException($"{named} can't be written: {Shown.Long(e.Message)}", e);
        }

        string folder = Path.GetDirectoryName(target) ?? target;
        return Directory.Exists(folder)
            ? target
            : throw new DirectoryNotFoundException($"{named} can't be written: the folder '{Shown.Long(folder)}' does not exist.");
    }

    // The same folder means the same file system; across file systems a rename would be a copy.
    private static string TemporaryBeside(string target) =>
        Path.Combine(Path.GetDirectoryName(target) ?? target, $"{TemporaryPrefix}{Path.GetRandomFileName()}.tmp");

    private static void Replace(string target, FileStatus old, string named, Action<Stream> write)
    {
        string temporary = TemporaryBeside(target);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };
        UnixFileMode? rights = null;
        try
        {
            if (old.Kind == PathKind.File && !OperatingSystem.IsWindows())
            {
                // Until the file is complete, only this user may read it: the old one's permissions may be restricted.
                rights = File.GetUnixFileMode(target);
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(temporary, options))
            {
                write(stream);
                if (rights is { } wanted && !OperatingSystem.IsWindows())
                {
                    bool isGroupKept = old.TryGiveOwner(stream.SafeFileHandle, temporary);
                    UnixFileMode kept = UserRights | OtherRights | (isGroupKept ? GroupRights : 0);
                    File.SetUnixFileMode(stream.SafeFileHandle, wanted & kept);
                }

                // Without this flush, a power failure after the rename could leave the new name with no content.
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e)
        {
            TryDelete(temporary);
            if (IsOfTheFile(e))
            {
                throw new IOException($"{named} can't be written: {Shown.Long(e.Message)}", e);
            }

            throw;
        }
    }

    // The writers need a seekable stream. Nothing is sent to the device unless all of the content could be produced.
    private static void WriteToDevice(string path, string named, Action<Stream> write)
    {
        try
        {
            using var content = new MemoryStream();
            write(content);
            using FileStream device = OpenDevice(path);
            device.Write(content.GetBuffer().AsSpan(0, (int)content.Length));
        }
        catch (Exception e) when (IsOfTheFile(e))
        {
            throw new IOException($"{named} can't be written: {Shown.Long(e.Message)}", e);
        }
    }

    // Shared, because others may have a terminal open, too.
    private static FileStream OpenDevice(string path) => new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    // Beyond the size limit of the file system or the process, FileStream throws for an argument 'value' that no caller has passed.
    private static bool IsOfTheFile(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" };

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report; a failure to delete is only its consequence.
        }
    }
}
