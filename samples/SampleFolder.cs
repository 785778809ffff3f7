namespace Samples;

/// <summary>Finds this repository's samples, whatever the current folder is; compiled into each sample that needs it.</summary>
internal static class SampleFolder
{
    /// <summary>Searches for <c>samples/data/mnist</c> upwards from the program's own folder and from the current folder.</summary>
    /// <param name="options">The options with which a user can name the files instead, for the error message.</param>
    /// <returns>The folder <c>samples</c>.</returns>
    /// <exception cref="DirectoryNotFoundException">Neither search finds it.</exception>
    public static string Find(string options) => FindOrNull() ?? throw new DirectoryNotFoundException(
        $"There is no samples/data/mnist in or above '{AppContext.BaseDirectory}' or '{Directory.GetCurrentDirectory()}'; run inside the "
            + $"repository, or give {options}.");

    /// <inheritdoc cref="Find"/>
    /// <returns>The folder <c>samples</c>; null where neither search finds it.</returns>
    public static string? FindOrNull()
    {
        foreach (string start in (string[])[AppContext.BaseDirectory, Directory.GetCurrentDirectory()])
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

        return null;
    }
}
