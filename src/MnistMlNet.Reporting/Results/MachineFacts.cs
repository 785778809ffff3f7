using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML;

namespace MnistMlNet.Reporting.Results;

/// <summary>The machine and software that made the report. Names of hosts, users and folders aren't among them.</summary>
internal static class MachineFacts
{
    public static IEnumerable<Fact> All()
    {
        yield return new("Processor", $"{ProcessorName()}, {Environment.ProcessorCount} logical processors");
        yield return new("Vectors", Vector512.IsHardwareAccelerated ? "512 bits"
            : Vector256.IsHardwareAccelerated ? "256 bits" : Vector128.IsHardwareAccelerated ? "128 bits" : "none");
        yield return new("Operating system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");
        yield return new(".NET", RuntimeInformation.FrameworkDescription);

        // The SDK adds the commit after a plus sign if it builds in a Git clone.
        string[] version = Version(typeof(TwoLayerNetworkTrainer)).Split('+');
        yield return new("MnistMlNet", version[0]);
        if (version.Length > 1)
        {
            yield return new("Commit", version[1]);
        }

        yield return new("Microsoft.ML", Version(typeof(MLContext)).Split('+')[0]);
    }

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? type.Assembly.GetName().Version?.ToString() ?? "unknown";

    private static string ProcessorName()
    {
        const string LinuxFile = "/proc/cpuinfo";
        string? linux = File.Exists(LinuxFile)
            ? File.ReadLines(LinuxFile).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1]
                .Trim()
            : null;
        return linux ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
