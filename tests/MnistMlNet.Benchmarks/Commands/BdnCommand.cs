using System.CommandLine;
using BenchmarkDotNet.Running;
using MnistMlNet.Benchmarks.Micro;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Commands;

/// <summary><c>bdn</c>: BenchmarkDotNet on Fit, Transform and the kernels.</summary>
internal static class BdnCommand
{
    public static Command Create()
    {
        var filter = new Argument<string[]>(
            "filter")
        {
            Description = "BenchmarkDotNet's --filter patterns, such as *Kernel*; all if not given.",
            Arity = ArgumentArity.ZeroOrMore
        };
        var quick = new Option<bool>("--quick") { Description = "Three short iterations each, for a quick check." };
        var command = new Command("bdn", "Runs the BenchmarkDotNet benchmarks: Fit, Transform, kernels.") { filter, quick };
        command.SetAction(parsed =>
        {
            string[] patterns = parsed.GetValue(filter) is { Length: > 0 } given ? given : ["*"];
            MachineHeader.Write(Console.Out, "bdn");
            BenchmarkSwitcher
                .FromTypes([typeof(FitBenchmarks), typeof(TransformBenchmarks), typeof(KernelBenchmarks)])
                .Run(["--filter", .. patterns], new MicroConfig(parsed.GetValue(quick)));
        });
        return command;
    }
}
