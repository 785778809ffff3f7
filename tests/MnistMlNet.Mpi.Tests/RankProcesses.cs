using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MnistMlNet.Mpi.Tests;

/// <summary>A launcher with its ranks, all of them MnistMlNet.Mpi.Tests.Ranks.</summary>
internal sealed partial class RankProcesses : IDisposable
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "MnistMlNet.Mpi.Tests.Ranks.dll");

    private readonly Process _launcher;
    private readonly List<string> _lines = [];

    private RankProcesses(string mpi, int ranks, string[] arguments, string? hosts, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Command.Script("ranks.sh"), [mpi, $"{ranks}", "dotnet", s_program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["MPI_HOSTS"] = hosts;
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        _launcher = Process.Start(start)!;
        _launcher.StandardInput.Close();
        _launcher.OutputDataReceived += (_, line) => Add(line.Data);
        _launcher.ErrorDataReceived += (_, line) => Add(line.Data);
        _launcher.BeginOutputReadLine();
        _launcher.BeginErrorReadLine();
    }

    /// <summary>Gets what the launcher and all ranks have written so far.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public static RankProcesses Start(string mpi, int ranks, string[] arguments, string? hosts = null,
        params (string Name, string Value)[] variables) => new(mpi, ranks, arguments, hosts, variables);

    /// <summary>Runs a program to its end, which must be a success, and gets its output.</summary>
    public static string Run(string mpi, int ranks, string[] arguments, string? hosts = null)
    {
        using RankProcesses processes = Start(mpi, ranks, arguments, hosts);
        int exitCode = processes.End(TimeSpan.FromMinutes(2));

        // MPICH 4.0.2 sometimes doesn't come out of MPI_Finalize over TCP, when all work is done (docs/distributed.md). Its launcher then
        // gives 9, or 255 where the process between it and a rank fails. The callers check what each rank has computed.
        bool isEndedByForce = exitCode is 9 or 255 && mpi == "mpich" && hosts is not null;
        Assert.True(exitCode == 0 || isEndedByForce, $"Exit code {exitCode}:\n{processes.Output}");
        return processes.Output;
    }

    /// <summary>Gets the exit code of the launcher; fails if it doesn't end in time.</summary>
    public int End(TimeSpan limit)
    {
        Assert.True(_launcher.WaitForExit(limit), $"The launcher still runs after {limit.TotalSeconds} s:\n{Output}");
        _launcher.WaitForExit();                                            // until the output is read, too
        return _launcher.ExitCode;
    }

    /// <summary>Waits until all ranks say their process numbers, and gets these.</summary>
    public Process[] Ranks(int count)
    {
        lock (_lines)
        {
            var limit = Stopwatch.StartNew();
            while (Named().Count < count && limit.Elapsed < TimeSpan.FromMinutes(1))
            {
                Monitor.Wait(_lines, 1000);
            }

            Assert.True(Named().Count == count, string.Join('\n', _lines));
            return [.. Named().OrderBy(pair => pair.Key).Select(pair => Process.GetProcessById(pair.Value))];
        }
    }

    public void Dispose()
    {
        if (!_launcher.HasExited)
        {
            _launcher.Kill(entireProcessTree: true);
        }

        _launcher.Dispose();
    }

    private Dictionary<int, int> Named() => _lines.Select(line => Announcement().Match(line)).Where(match => match.Success)
        .ToDictionary(match => int.Parse(match.Groups[1].Value), match => int.Parse(match.Groups[2].Value));

    private void Add(string? line)
    {
        if (line is not null)
        {
            lock (_lines)
            {
                _lines.Add(line);
                Monitor.PulseAll(_lines);
            }
        }
    }

    [GeneratedRegex("rank (\\d+) is process (\\d+) ")]
    private static partial Regex Announcement();
}
