namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>How far two results are apart.</summary>
internal static class Comparison
{
    /// <summary>The largest |a - b|; NaN where one of the two has one, which no tolerance allows.</summary>
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
