using System.Diagnostics;
using System.Globalization;
using MnistMlNet.Benchmarks.Commands;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>Runs this program again, with another command.</summary>
internal static class ChildProcess
{
    public static ChildResult Train(string who, int size, int epochs)
    {
        string[] arguments = [ChildCommand.Name, who, $"{size}", $"{epochs}"];
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program isn't known.");

        // Under `dotnet X.dll` the process is dotnet itself.
        string assembly = typeof(ChildProcess).Assembly.Location;
        ProcessStartInfo start = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new ProcessStartInfo(program, [assembly, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.RedirectStandardOutput = true;
        var clock = Stopwatch.StartNew();
        using Process child = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' doesn't start.");
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        double seconds = clock.Elapsed.TotalSeconds;
        if (child.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"The child process '{string.Join(' ', arguments)}' ended with exit code {child.ExitCode}.");
        }

        string[] parts = output.Trim().Split('\n')[^1].Split(' ');
        return new ChildResult(seconds, long.Parse(parts[0], CultureInfo.InvariantCulture),
            double.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
