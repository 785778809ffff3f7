namespace MnistMlNet.Reporting.Results;

/// <summary>The curve of true against false positives.</summary>
internal static class RocCurve
{
    /// <summary>
    /// The area under the curve: the fraction of pairs of a positive and a negative row in which the positive one has the higher
    /// probability; equal ones count half. NaN where a class has no row.
    /// </summary>
    public static double Area(IReadOnlyList<float> probabilities, IReadOnlyList<int> labels)
    {
        double positives = labels.Count(label => label == 1), negatives = labels.Count - positives;
        double below = 0, pairs = 0;
        foreach (IGrouping<float, int> equal in Enumerable.Range(0, labels.Count)
            .GroupBy(row => probabilities[row], row => labels[row]).OrderBy(group => group.Key))
        {
            double positive = equal.Count(label => label == 1), negative = equal.Count() - positive;
            pairs += positive * (below + (negative / 2));
            below += negative;
        }

        return pairs / (positives * negatives);
    }
}
