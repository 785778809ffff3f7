using System.Diagnostics;

namespace MnistMlNet.Mpi.Tests;

/// <summary>Short commands of the system.</summary>
internal static class Command
{
    private static readonly string s_scripts = FindScripts();

    public static string Script(string name) => Path.Combine(s_scripts, name);

    public static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    // Not by the path of this file: a deterministic build, as with CI=true, replaces it.
    private static string FindScripts()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string scripts = Path.Combine(folder.FullName, "tests", "mpi");
            if (Directory.Exists(scripts))
            {
                return scripts;
            }
        }

        throw new DirectoryNotFoundException($"No tests/mpi in '{AppContext.BaseDirectory}' or above it.");
    }
}
