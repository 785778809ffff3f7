namespace MnistMlNet.Primitives;

/// <summary>Divides a range into parts of nearly equal size.</summary>
internal static class Partition
{
    /// <summary>
    /// Part <paramref name="part"/> of 0 … <paramref name="count"/> - 1, divided into <paramref name="partCount"/> parts whose sizes
    /// differ by at most one.
    /// </summary>
    public static (int First, int End) GetRange(int part, int partCount, int count) =>
        ((int)((long)count * part / partCount), (int)((long)count * (part + 1) / partCount));
}
