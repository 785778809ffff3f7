namespace MnistMlNet.Reporting.Charts;

/// <summary>Round numbers for an axis, about five of them.</summary>
/// <param name="Values">In ascending order; the first is at or below the minimum, the last at or above the maximum.</param>
internal sealed record AxisTicks(IReadOnlyList<double> Values)
{
    private const int Wanted = 5;

    private static readonly int[] s_factors = [1, 2, 5, 10];

    public double Min => Values[0];

    public double Max => Values[^1];

    /// <summary>Multiples of 1, 2 or 5 times a power of ten that enclose <paramref name="min"/> and <paramref name="max"/>.</summary>
    public static AxisTicks Of(double min, double max)
    {
        double range = max > min ? max - min : Math.Max(Math.Abs(max), 1e-6);
        double power = Math.Pow(10, Math.Floor(Math.Log10(range / Wanted)));
        double step = s_factors.Select(factor => factor * power).First(size => range / size <= Wanted);

        // Computed from whole numbers of steps, since 0.1 added thirty times isn't 3; a rounding error in the last bit must not add a step.
        long first = (long)Math.Floor((min / step) + 1e-9);
        long last = Math.Max(first + 1, (long)Math.Ceiling((max / step) - 1e-9));
        int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step)), 0, 15);
        return new AxisTicks([.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => Math.Round((first + i) * step, decimals))]);
    }
}
