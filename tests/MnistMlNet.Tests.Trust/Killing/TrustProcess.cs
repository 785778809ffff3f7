using System.Diagnostics;

namespace MnistMlNet.Tests.Trust.Killing;

/// <summary>This program as a child process.</summary>
internal static class TrustProcess
{
    /// <summary>The SDK says where its host is; a program started otherwise finds the one on the path.</summary>
    public static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>What the host needs to be told to run this program.</summary>
    public static string[] Arguments(params string[] arguments) =>
        ["exec", Path.Combine(AppContext.BaseDirectory, typeof(TrustProcess).Assembly.GetName().Name + ".dll"), .. arguments];

    public static Process Start(params string[] arguments) => Start(Host, Arguments(arguments));

    public static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true };

        // Under a limit of file sizes the runtime's double mapping of code, a file in memory, would hit it before ours does.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return Process.Start(start)!;
    }
}
