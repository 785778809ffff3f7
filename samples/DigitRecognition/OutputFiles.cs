using MnistMlNet.Primitives;

namespace DigitRecognition;

/// <summary>Checks before the work begins that its results can be written.</summary>
internal static class OutputFiles
{
    /// <summary>
    /// Tries each output, as saving would write it: with a temporary file in the same folder, which is removed again. No output may replace
    /// an input or another output.
    /// </summary>
    /// <param name="outputs">Options and the paths that they give; null where a path isn't given.</param>
    /// <param name="inputs">The same for the files that are read.</param>
    /// <exception cref="IOException">An output can't be written; the message has a second line with the remedy.</exception>
    public static void Check(IEnumerable<(string Option, string? Path)> outputs, IEnumerable<(string Option, string? Path)> inputs)
    {
        Dictionary<string, string> options = [];
        foreach ((string option, string? path) in inputs)
        {
            if (path is not null)
            {
                options[FileStatus.TargetOf(path)] = option;
            }
        }

        foreach ((string option, string? path) in outputs)
        {
            if (path is null)
            {
                continue;
            }

            string target = Try(path, option);
            if (!options.TryAdd(target, option))
            {
                throw new IOException(
                    $"{option} '{Shown.Long(path)}' is the same file as {options[target]}; it would be replaced.\n"
                        + $"Give another path for {option}.");
            }
        }
    }

    private static string Try(string path, string option)
    {
        try
        {
            AtomicFile.CheckWritable(path, option);
            return FileStatus.TargetOf(path);
        }
        catch (DirectoryNotFoundException e)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
            string make = OperatingSystem.IsWindows() ? "mkdir" : "mkdir -p";       // with -p as on Windows: folders above it, too
            throw new IOException($"{e.Message}\nMake the folder first, or give another path: {make} {Invocation.Quote(folder)}", e);
        }
        catch (IOException e)
        {
            throw new IOException($"{e.Message}\nGive another path: {option} <file in a folder that you may write to>", e);
        }
    }
}
