using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MnistMlNet.Mpi.Tests;

/// <summary>Short commands of the system.</summary>
internal static class Command
{
    public static string Script(string name) => Path.Combine(Path.GetDirectoryName(Here())!, "..", "mpi", name);

    public static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
