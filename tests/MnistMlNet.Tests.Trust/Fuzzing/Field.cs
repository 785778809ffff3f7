namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>A stretch of bytes that a reader takes at once.</summary>
internal readonly record struct Field(int Offset, int Length);
