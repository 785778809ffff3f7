namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>A range of bytes that a reader reads with one call.</summary>
internal readonly record struct Field(int Offset, int Length);
