namespace Samples;

/// <summary>Finds this repository's samples, whatever the current folder is; compiled into each sample that needs it.</summary>
internal static class SampleFolder
{
    /// <summary>Searches for <c>samples/data/mnist</c> upwards from the program's own folder and from the current folder.</summary>
    /// <param name="options">The options with which a user can name the files instead, for the error message.</param>
    /// <returns>The folder <c>samples</c>.</returns>
    /// <exception cref="DirectoryNotFoundException">Neither search finds it.</exception>
    public static string Find(string options)
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
            $"There is no samples/data/mnist in or above '{starts[0]}' or '{starts[1]}'; run inside the repository, or give {options}.");
    }
}
