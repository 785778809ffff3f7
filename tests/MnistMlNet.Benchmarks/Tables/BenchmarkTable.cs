namespace MnistMlNet.Benchmarks.Tables;

/// <summary>A table of the benchmark.</summary>
/// <param name="Name">The name of its CSV file.</param>
/// <param name="Source">The package that it comes in; what the script that exports it needs.</param>
/// <param name="Purpose">What results on it may be used for.</param>
internal sealed record BenchmarkTable(string Name, string Source, Purpose Purpose);
