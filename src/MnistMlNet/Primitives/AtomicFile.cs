namespace MnistMlNet.Primitives;

/// <summary>Writes a file so that its path holds either the old content or the whole new content, never a part.</summary>
internal static class AtomicFile
{
    /// <summary>Writes to a temporary file in the same folder, flushes it to the disk and renames it to <paramref name="path"/>.</summary>
    /// <param name="path">The file to make or replace. A link is followed, so that it stays a link.</param>
    /// <param name="write">Writes the content; the stream is seekable and starts empty.</param>
    /// <exception cref="DirectoryNotFoundException">The folder of <paramref name="path"/> doesn't exist.</exception>
    /// <exception cref="IOException">The file couldn't be written; the message names <paramref name="path"/>. What <paramref name="write"/> throws otherwise comes through as it is. In both cases the old content is still there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);

        var file = new FileInfo(path);
        string target = (file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName;
        string folder = Path.GetDirectoryName(target) ?? target;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"'{path}' can't be written: the folder '{folder}' does not exist.");
        }

        if (Directory.Exists(target))
        {
            throw new IOException($"'{path}' can't be written: it is a folder; a file name is wanted.");
        }

        // Same folder means same file system, without which a rename would be a copy.
        string temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                write(stream);

                // Without this a power cut after the rename could leave the new name with no content.
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e)
        {
            TryDelete(temporary);

            // Beyond the largest file that the file system or the process may have, a FileStream blames an argument 'value' that nobody gave.
            if (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" })
            {
                throw new IOException($"'{path}' can't be written: {e.Message}", e);
            }

            throw;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report; this one is its consequence.
        }
    }
}
