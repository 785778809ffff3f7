using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>The start of the program, in a process of its own.</summary>
public sealed class PadStartTests
{
    [Fact]
    public void Start_PortInUse_IsOneLineWithARemedyAndExitCode2()
    {
        using TemporaryFolder folder = new();
        TrainedPad.SaveModel(folder.File("pad.zip"));
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        (int exitCode, string output, string error) = Run("--port", $"{port}", "--model", folder.File("pad.zip"), "--idx", folder.Path);

        Assert.Equal(2, exitCode);
        Assert.Equal($"error: Port {port} on 127.0.0.1 is in use, perhaps by another DigitPad; give another one, such as "
            + $"--port {(port < 65_535 ? port + 1 : port - 1)}, or --port 0 for any free port.", error.Trim());
        Assert.DoesNotContain("fail", output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Exception", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_OptionOutOfRange_NamesItWithoutAStackTrace()
    {
        (int exitCode, string output, string error) = Run("--port", "70000");

        Assert.NotEqual(0, exitCode);
        Assert.StartsWith("--port is '70000'; it must be a whole number from 0 to 65535.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        using Process pad = Process.Start(new ProcessStartInfo(
            ChildProcess.DotNet, ["exec", Path.Combine(AppContext.BaseDirectory, "DigitPad.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        (string output, string error) = ChildProcess.End(pad);
        return (pad.ExitCode, output, error);
    }
}
