using System.Diagnostics;

namespace MnistMlNet.Tests.Trust.Killing;

/// <summary>This program as a child process.</summary>
internal static class TrustProcess
{
    /// <summary>The arguments with which the host runs this program.</summary>
    public static string[] Arguments(params string[] arguments) =>
        ["exec", Path.Combine(AppContext.BaseDirectory, typeof(TrustProcess).Assembly.GetName().Name + ".dll"), .. arguments];

    public static Process Start(params string[] arguments) => Start(ChildProcess.DotNet, Arguments(arguments));

    public static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true };

        // Under a limit of file sizes the runtime's double mapping of code, which is a file in memory, would reach the limit before our
        // files do.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return Process.Start(start)!;
    }
}
