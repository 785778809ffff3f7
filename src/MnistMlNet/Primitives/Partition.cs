namespace MnistMlNet.Primitives;

/// <summary>Cuts a count into parts of equal size.</summary>
internal static class Partition
{
    /// <summary>
    /// Part <paramref name="part"/> of 0 … <paramref name="count"/>, cut into <paramref name="partCount"/> parts that differ by at most
    /// one.
    /// </summary>
    public static (int First, int End) GetRange(int part, int partCount, int count) =>
        ((int)((long)count * part / partCount), (int)((long)count * (part + 1) / partCount));
}
