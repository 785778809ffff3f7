namespace MnistMlNet.Tests;

/// <summary>Finds the repository's own files, wherever the tests run from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string MnistFile(string name) => Path.Combine(Root, "samples", "data", "mnist", name);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MnistMlNet.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No MnistMlNet.sln in '{AppContext.BaseDirectory}' or above it.");
    }
}
