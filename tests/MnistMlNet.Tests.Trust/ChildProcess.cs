using System.Diagnostics;

namespace MnistMlNet.Tests.Trust;

/// <summary>Runs a program and waits for its end.</summary>
internal static class ChildProcess
{
    /// <summary>
    /// Gets the host that runs this program, as the SDK names it; if the program was started in another way, the host on the path.
    /// </summary>
    public static string DotNet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>
    /// Gives the program's standard output; if its exit code isn't 0, fails with all of its output.
    /// </summary>
    /// <param name="folder">The program's current folder, or null for the caller's.</param>
    /// <param name="variables">Environment variables to set besides the caller's.</param>
    public static string Run(string program, IEnumerable<string> arguments, string? folder = null,
        IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? ""
        };

        // Variables that the test runner's MSBuild set for itself would disturb a second MSBuild.
        foreach (string variable in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToArray())
        {
            start.Environment.Remove(variable);
        }

        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        (string output, string error) = End(process);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error}{output}");
    }

    /// <summary>Waits for the end of a process. A process that doesn't end is killed, and the error names it and its output.</summary>
    /// <returns>The output, where it is redirected.</returns>
    public static (string Output, string Error) End(Process process)
    {
        Task<string> output = Read(process.StartInfo.RedirectStandardOutput, () => process.StandardOutput);
        Task<string> error = Read(process.StartInfo.RedirectStandardError, () => process.StandardError);
        if (process.WaitForExit(Waiting.Limit) && Task.WaitAll([output, error], Waiting.Limit))
        {
            return (output.Result, error.Result);
        }

        process.Kill(entireProcessTree: true);
        Task.WaitAll([output, error], TimeSpan.FromSeconds(10));
        throw new TimeoutException(
            $"Waited {Waiting.Limit.TotalMinutes} minutes for the end of {process.StartInfo.FileName} "
                + $"{string.Join(' ', process.StartInfo.ArgumentList)}, which wrote: {Written(error)}{Written(output)}");

        static Task<string> Read(bool isRedirected, Func<StreamReader> stream) =>
            isRedirected ? stream().ReadToEndAsync() : Task.FromResult("");
        static string Written(Task<string> task) => task.IsCompletedSuccessfully ? task.Result : "";
    }

    /// <summary>
    /// Runs an SDK command that builds, without leaving a build server behind: a build server would keep the pipes of this process open.
    /// </summary>
    public static string Build(IEnumerable<string> arguments, string? folder = null) =>
        Run(DotNet, [.. arguments, "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false"], folder);
}
