namespace DigitRecognition;

/// <summary>Writes a file under a temporary name and renames it when it is whole: who finds the file can use it.</summary>
internal static class WholeFile
{
    /// <summary>Refuses a path at which nothing could be written, before the work for it begins.</summary>
    /// <param name="option">The option that named it.</param>
    /// <param name="path">The path.</param>
    /// <exception cref="IOException">Its folder doesn't exist, or it is a folder itself.</exception>
    public static void CheckWritable(string option, string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new IOException($"{option} '{path}' is a folder; the name of a file is wanted.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(full)))
        {
            throw new DirectoryNotFoundException($"{option} '{path}' can't be written: the folder '{Path.GetDirectoryName(full)}' does not exist.");
        }
    }

    public static void Write(string path, Action<Stream> write)
    {
        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target) ?? target;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"'{path}' can't be written: the folder '{folder}' does not exist.");
        }

        string temporary = $"{target}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"'{path}' can't be written: {e.Message}", e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
