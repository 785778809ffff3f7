namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>Two sides didn't compute the same: their times mean nothing.</summary>
internal sealed class CheckFailedException(string message) : Exception(message);
