namespace MnistMlNet.Reporting.Results;

/// <summary>How often an event occurs among predictions of about the same probability.</summary>
/// <param name="From">The lower end of the probabilities, included.</param>
/// <param name="To">The upper end; included in the last bin only.</param>
/// <param name="Count">The number of predictions.</param>
/// <param name="MeanProbability">Their mean probability; NaN without predictions.</param>
/// <param name="Frequency">The fraction of them that were right; NaN without predictions.</param>
internal sealed record CalibrationBin(double From, double To, int Count, double MeanProbability, double Frequency);

/// <summary>The reliability of predicted probabilities, in bins of equal width.</summary>
/// <param name="Bins">The bins, in ascending order.</param>
internal sealed record Calibration(IReadOnlyList<CalibrationBin> Bins)
{
    private const int BinCount = 10;

    /// <summary>
    /// The expected calibration error (ECE): the mean of |frequency - mean probability| over the bins, weighted by their predictions.
    /// </summary>
    public double ExpectedError => Bins.Where(bin => bin.Count > 0).Sum(bin => bin.Count * Math.Abs(bin.Frequency - bin.MeanProbability))
        / Math.Max(1, Bins.Sum(bin => bin.Count));

    /// <param name="predictions">The probability of each event, and whether it occurred.</param>
    public static Calibration Of(IEnumerable<(float Probability, bool Occurred)> predictions)
    {
        int[] counts = new int[BinCount], occurred = new int[BinCount];
        double[] sums = new double[BinCount];
        foreach ((float probability, bool isRight) in predictions)
        {
            int bin = Math.Clamp((int)(probability * BinCount), 0, BinCount - 1);
            counts[bin]++;
            occurred[bin] += isRight ? 1 : 0;
            sums[bin] += probability;
        }

        return new Calibration([.. Enumerable.Range(0, BinCount).Select(bin => new CalibrationBin(
            (double)bin / BinCount, (bin + 1d) / BinCount, counts[bin], sums[bin] / counts[bin], (double)occurred[bin] / counts[bin]))]);
    }
}
