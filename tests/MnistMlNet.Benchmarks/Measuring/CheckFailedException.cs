namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>Two sides didn't compute the same, so their times can't be compared.</summary>
internal sealed class CheckFailedException(string message) : Exception(message);
