using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace MnistMlNet.Benchmarks.Micro;

/// <summary>How BenchmarkDotNet runs here.</summary>
internal sealed class MicroConfig : ManualConfig
{
    public MicroConfig(bool quick)
    {
        // In this process: the program that BenchmarkDotNet would build otherwise copies half a gigabyte of the peers' native libraries,
        // for each run.
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance);
        Add(DefaultConfig.Instance);
        AddJob(quick ? job.WithWarmupCount(4).WithIterationCount(3).WithIterationTime(TimeInterval.FromMilliseconds(100)) : job);
        AddColumn(new RatioToScalarColumn());
        WithOptions(ConfigOptions.DisableLogFile);
        WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared));
    }
}
