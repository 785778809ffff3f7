namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>What a damaged file, or two that belong together, holds.</summary>
internal sealed record FuzzCase(params byte[][] Files)
{
    public long Length => Files.Sum(file => file.LongLength);
}
