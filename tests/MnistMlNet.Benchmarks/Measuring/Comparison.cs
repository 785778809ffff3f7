namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>The difference between two results.</summary>
internal static class Comparison
{
    /// <summary>The largest |a - b|; NaN where a or b is NaN, so that no tolerance accepts it.</summary>
    public static double LargestDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double largest = a.Length == b.Length ? 0 : double.NaN;
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            largest = Math.Max(largest, Math.Abs((double)a[i] - b[i]));
        }

        return largest;
    }
}
