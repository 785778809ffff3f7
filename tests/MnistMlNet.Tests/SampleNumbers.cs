namespace MnistMlNet.Tests;

/// <summary>Seeded numbers for tests.</summary>
internal static class SampleNumbers
{
    /// <summary>Floats within -1 … 1.</summary>
    public static float[] Floats(Random random, int count)
    {
        float[] numbers = new float[count];
        foreach (ref float number in numbers.AsSpan())
        {
            number = 2 * random.NextSingle() - 1;
        }

        return numbers;
    }

    /// <summary>
    /// Integers within -8 … 8. Sums of up to 2¹⁸ products of two of them stay below 2²⁴, so every float sum is exact, in any order, fused
    /// or not.
    /// </summary>
    public static float[] Whole(Random random, int count)
    {
        float[] numbers = new float[count];
        foreach (ref float number in numbers.AsSpan())
        {
            number = random.Next(-8, 9);
        }

        return numbers;
    }
}
