namespace DigitPad;

/// <summary>Finds this repository's samples from wherever the program is started.</summary>
internal static class SampleFolders
{
    /// <summary>The folder of MNIST's IDX files.</summary>
    public static string Mnist() => Path.Combine(Samples(), "data", "mnist");

    public static string DefaultModelPath() => Path.Combine(Samples(), "DigitPad", "cache", "digitpad.zip");

    private static string Samples()
    {
        string[] starts = [AppContext.BaseDirectory, Directory.GetCurrentDirectory()];
        foreach (string start in starts)
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                string samples = Path.Combine(folder.FullName, "samples");
                if (Directory.Exists(Path.Combine(samples, "data", "mnist")))
                {
                    return samples;
                }
            }
        }

        throw new DirectoryNotFoundException(
            $"There is no samples/data/mnist in or above '{starts[0]}' or '{starts[1]}'; run inside the repository, or give --idx and "
                + $"--model.");
    }
}
