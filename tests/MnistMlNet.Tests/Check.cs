namespace MnistMlNet.Tests;

/// <summary>Comparisons of arrays whose message names the position of the difference and the case.</summary>
internal static class Check
{
    /// <summary>Every float has the same bits, -0 and NaN included.</summary>
    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string context)
    {
        Assert.True(expected.Length == actual.Length, $"{context}: {expected.Length} values expected, {actual.Length} found");
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                Assert.Fail($"{context}: [{i}] is {actual[i]:G9}, not {expected[i]:G9}");
            }
        }
    }

    /// <summary>Every value lies within <paramref name="tolerance"/> of what is expected.</summary>
    public static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, string context)
    {
        Assert.True(expected.Length == actual.Length, $"{context}: {expected.Length} values expected, {actual.Length} found");
        for (int i = 0; i < expected.Length; i++)
        {
            Close(expected[i], actual[i], tolerance, $"{context}: [{i}]");
        }
    }

    /// <summary>The value lies within <paramref name="tolerance"/> of what is expected; NaN never does.</summary>
    public static void Close(double expected, double actual, double tolerance, string context)
    {
        if (!(Math.Abs(expected - actual) <= tolerance))
        {
            Assert.Fail($"{context} is {actual:G9}, not {expected:G9} ± {tolerance:G3}");
        }
    }
}
