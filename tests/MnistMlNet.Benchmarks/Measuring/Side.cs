namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>One of the implementations that are compared.</summary>
/// <param name="Name">The name in the table.</param>
/// <param name="Run">Does the work once and gives its seconds per unit; the unit is the same for all sides.</param>
internal sealed record Side(string Name, Func<double> Run);
