using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using MnistMlNet.Kernels;

namespace MnistMlNet.Benchmarks.Micro;

/// <summary>
/// The speed of a kernel relative to its scalar reference implementation. BenchmarkDotNet's own ratios compare methods, not the values of a
/// parameter.
/// </summary>
internal sealed class RatioToScalarColumn : IColumn
{
    public string Id => nameof(RatioToScalarColumn);

    public string ColumnName => "Scalar ÷ this";

    public bool AlwaysShow => false;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "Mean of the scalar reference implementation divided by the mean of this tier";

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(each => Tier(each) is not null);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        BenchmarkCase? scalar = summary.BenchmarksCases.FirstOrDefault(
            each => each.Descriptor.WorkloadMethod == benchmarkCase.Descriptor.WorkloadMethod && Tier(each) == nameof(SimdTier.Scalar));
        double? reference = scalar is null ? null : summary[scalar]?.ResultStatistics?.Mean,
            own = summary[benchmarkCase]?.ResultStatistics?.Mean;
        return (reference / own)?.ToString("F1", CultureInfo.InvariantCulture) ?? "?";
    }

    private static string? Tier(BenchmarkCase benchmarkCase) =>
        benchmarkCase.Parameters.Items.FirstOrDefault(item => item.Name == nameof(KernelBenchmarks.Tier))?.Value as string;
}
