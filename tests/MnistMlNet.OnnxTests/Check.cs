namespace MnistMlNet.OnnxTests;

/// <summary>Comparisons whose message says where they differ.</summary>
internal static class Check
{
    /// <summary>
    /// Both sides compute the same sums of floats in different orders; 1e-5 is the required tolerance, 4.4e-6 the largest difference
    /// measured.
    /// </summary>
    public const float Tolerance = 1e-5f;

    /// <summary>Every probability is within <see cref="Tolerance"/> of the expected value; NaN never is.</summary>
    public static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.DoesNotContain(float.NaN, expected);
        Assert.DoesNotContain(float.NaN, actual);
        int worst = 0;
        for (int i = 1; i < expected.Length; i++)
        {
            if (Math.Abs(expected[i] - actual[i]) > Math.Abs(expected[worst] - actual[worst]))
            {
                worst = i;
            }
        }

        if (!(Math.Abs(expected[worst] - actual[worst]) <= Tolerance))
        {
            Assert.Fail($"[{worst}] is {actual[worst]:G9}, not {expected[worst]:G9}");
        }
    }

    /// <summary>
    /// Every number is within <see cref="Tolerance"/> of the expected value, relative to its magnitude where that is above 1; NaN only
    /// where NaN is expected.
    /// </summary>
    public static void CloseOrMissing(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Select(float.IsNaN), actual.Select(float.IsNaN));
        Assert.All(expected.Zip(actual).Where(pair => !float.IsNaN(pair.First)), pair =>
            Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Tolerance * Math.Max(1, Math.Abs(pair.First))));
    }
}
