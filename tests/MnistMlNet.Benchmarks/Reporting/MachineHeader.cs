using System.Reflection;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Trainers.LightGbm;
using MnistMlNet.Kernels;
using TorchSharp;

namespace MnistMlNet.Benchmarks.Reporting;

/// <summary>Prints what was measured and on which machine: without this the numbers can't be compared later.</summary>
internal static class MachineHeader
{
    /// <summary>
    /// Gets the first ten digits of the commit that was checked out at the build, which the SDK writes after a '+'; "unknown" where it was
    /// built outside git.
    /// </summary>
    public static string Commit { get; } =
        Informational(typeof(TwoLayerNetworkTrainer)).Split('+') is [_, var commit, ..] ? commit[..Math.Min(10, commit.Length)] : "unknown";

    public static void Write(TextWriter output, string command)
    {
        output.WriteLine($"## {command}");
        output.WriteLine();
        output.WriteLine($"- CPU: {CpuName()}, {Environment.ProcessorCount} processors, kernels for {KernelSelector.Best.Tier}");
        output.WriteLine($"- Runtime: {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        output.WriteLine(
            $"- Packages: Microsoft.ML {Version(typeof(MLContext))}, TorchSharp {Version(typeof(torch))}, ONNX Runtime "
                + $"{Version(typeof(InferenceSession))}, "
            + $"LightGbm {Version(typeof(LightGbmMulticlassTrainer))}, BenchmarkDotNet {Version(typeof(BenchmarkAttribute))}");
        output.WriteLine($"- MnistMlNet: commit {Commit}");
        output.WriteLine($"- Load average when this began: {LoadAverage()}");
        output.Flush();
    }

    private static string Informational(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? type.Assembly.GetName().Version?.ToString() ?? "?";

    private static string Version(Type type) => Informational(type).Split('+')[0];

    private static string CpuName()
    {
        const string Info = "/proc/cpuinfo";
        string? line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(text =>
            text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString()
            : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string LoadAverage()
    {
        const string Load = "/proc/loadavg";
        return File.Exists(Load) ? string.Join(' ', File.ReadAllText(Load).Split(' ')[..3]) : "unknown";
    }
}
