namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>One of those that are compared.</summary>
/// <param name="Name">As the table shall call it.</param>
/// <param name="Run">Does the work once and gives its seconds per unit; the unit is the same for all sides.</param>
internal sealed record Side(string Name, Func<double> Run);
