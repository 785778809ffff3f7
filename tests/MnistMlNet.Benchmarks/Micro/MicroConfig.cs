using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace MnistMlNet.Benchmarks.Micro;

/// <summary>The configuration of BenchmarkDotNet.</summary>
internal sealed class MicroConfig : ManualConfig
{
    public MicroConfig(bool quick)
    {
        // In this process: otherwise BenchmarkDotNet builds a program that copies half a gigabyte of native libraries, for each run.
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance);
        Add(DefaultConfig.Instance);
        AddJob(quick ? job.WithWarmupCount(4).WithIterationCount(3).WithIterationTime(TimeInterval.FromMilliseconds(100)) : job);
        AddColumn(new RatioToScalarColumn());
        WithOptions(ConfigOptions.DisableLogFile);
        WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared));
    }
}
