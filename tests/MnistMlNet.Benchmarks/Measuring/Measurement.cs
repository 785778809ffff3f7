namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>What several rounds of one side gave, in seconds per unit.</summary>
internal sealed record Measurement(string Name, double Median, double Least, double Most)
{
    public static Measurement Of(string name, IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Measurement(name, median, sorted[0], sorted[^1]);
    }

    /// <summary>How often this one is done in the time of one <paramref name="other"/>.</summary>
    public double TimesAsFastAs(Measurement other) => other.Median / Median;
}
