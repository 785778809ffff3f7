using System.Diagnostics;

namespace MnistMlNet.Benchmarks.Tables;

/// <summary>A script beside this program, and what runs it.</summary>
internal sealed class Script(string interpreter, string file)
{
    public string WhyNot =>
        $"'{interpreter} {file}' doesn't run; on Debian: apt-get install {BenchmarkTables.Packages}";

    /// <summary>Debian's own Python where there is one: its packages aren't seen by another that comes first on the path.</summary>
    public static string DefaultPython { get; } = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    /// <summary>Runs it and gives what it printed.</summary>
    public string Run(IReadOnlyList<string> arguments)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Tables", "Scripts", file);
        var start = new ProcessStartInfo(interpreter, [path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Some versions of OpenBLAS spin on threads that these small tables have no work for.
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{interpreter}' doesn't start.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(
            $"'{interpreter} {file} {string.Join(' ', arguments)}' ended with exit code {process.ExitCode}: {errors.Result.Trim()}");
    }
}
