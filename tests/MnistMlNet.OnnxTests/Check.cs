namespace MnistMlNet.OnnxTests;

/// <summary>Comparisons whose message says where they differ.</summary>
internal static class Check
{
    /// <summary>Both sides compute the same sums of floats in another order; issue 5 asks for 1e-5, and some 1e-6 were measured.</summary>
    public const float Tolerance = 1e-5f;

    /// <summary>Every probability lies within <see cref="Tolerance"/> of what is expected; NaN never does.</summary>
    public static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= Tolerance))
            {
                Assert.Fail($"[{i}] is {actual[i]:G9}, not {expected[i]:G9}");
            }
        }
    }
}
