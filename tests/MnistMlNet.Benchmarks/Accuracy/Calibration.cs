namespace MnistMlNet.Benchmarks.Accuracy;

/// <summary>The difference between predicted probabilities and observed frequencies.</summary>
internal static class Calibration
{
    private const int Bins = 15;

    /// <summary>
    /// Expected calibration error over 15 bins of equal width (Guo et al. 2017, arXiv:1706.04599): Σ n_b/n · |accuracy_b - mean
    /// confidence_b|.
    /// </summary>
    public static double ExpectedError(IReadOnlyList<(float Confidence, bool Correct)> predictions)
    {
        double[] confidence = new double[Bins];
        int[] correct = new int[Bins];
        foreach ((float p, bool isCorrect) in predictions)
        {
            int bin = Math.Min(Bins - 1, (int)(p * Bins));
            confidence[bin] += p;
            correct[bin] += isCorrect ? 1 : 0;
        }

        double error = 0;
        for (int b = 0; b < Bins; b++)
        {
            error += Math.Abs(correct[b] - confidence[b]);
        }

        return error / predictions.Count;
    }
}
