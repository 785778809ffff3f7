namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>The results of several rounds of one side, in seconds per unit.</summary>
internal sealed record Measurement(string Name, double Median, double Min, double Max)
{
    public static Measurement Of(string name, IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Measurement(name, median, sorted[0], sorted[^1]);
    }

    /// <summary>How many times this one runs in the time of one <paramref name="other"/>.</summary>
    public double TimesAsFastAs(Measurement other) => other.Median / Median;
}
