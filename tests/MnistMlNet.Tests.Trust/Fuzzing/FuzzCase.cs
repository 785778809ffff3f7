namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>The content of a damaged file, or of two that belong together.</summary>
internal sealed record FuzzCase(params byte[][] Files)
{
    public long Length => Files.Sum(file => file.LongLength);
}
