using System.Diagnostics;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Primitives;

/// <summary>Special files, made in a test's own folder: a test must never write to those of the system.</summary>
internal static class SpecialFile
{
    /// <summary>Makes a FIFO.</summary>
    public static string Fifo(string path) => Run("mkfifo", path) ? path : throw new IOException($"mkfifo {path} failed.");

    /// <summary>Makes a second null device (Linux's numbers: 1, 3). Needs root.</summary>
    public static bool TryNullDevice(string path) => Run("mknod", path, "c", "1", "3");

    /// <summary>The type, permissions and owner of a file, as <c>stat</c> gives them.</summary>
    public static string Status(string path, string format) => Output("stat", "-c", format, path);

    public static bool Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        ChildProcess.End(process);
        return process.ExitCode == 0;
    }

    private static string Output(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        string output = ChildProcess.End(process).Output.Trim();
        return process.ExitCode == 0 ? output
            : throw new IOException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
}
