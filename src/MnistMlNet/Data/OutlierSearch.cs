namespace MnistMlNet.Data;

/// <summary>Computes the mean and the deviation of features without their outliers.</summary>
/// <remarks>
/// <para>A value is an outlier if it is farther from the mean than <see cref="OutlierDeviations"/> standard deviations. Without the
/// outliers the deviation is smaller, so more values may then be outliers: they are searched again.</para>
/// <para>Outliers are rare. Where the search excludes more than <see cref="MaxFraction"/> of the rows, the feature has no outliers, but
/// two kinds of rows: a pixel near the border of a picture is dark in most rows and bright in some. Its deviation is that of all rows.
/// Otherwise the bright rows would have scaled values up to <see cref="FeatureScaling.MaxScaled"/>, and each pixel near the border would
/// have more influence than one in the middle.</para>
/// </remarks>
internal static class OutlierSearch
{
    /// <summary>The distance from the mean, in standard deviations, beyond which a value is an outlier.</summary>
    public const double OutlierDeviations = 5;

    /// <summary>The largest fraction of the rows that can be outliers.</summary>
    public const double MaxFraction = 0.02;

    private const int MaxPasses = 5;

    /// <summary>Excludes the outliers from the mean and the deviation of each feature.</summary>
    /// <param name="sample">The rows in which outliers are searched.</param>
    /// <param name="selected">The indices of the training rows in <paramref name="sample"/>; null for all rows.</param>
    public static void Exclude(IReadOnlyList<FeatureSpread> features, PackedRows sample, int[]? selected)
    {
        List<FeatureSpread> withOutliers = [.. features.Where(feature =>
            feature.Summary.MaxDistance(feature.Mean) > OutlierDeviations * feature.Deviation)];
        List<FeatureSpread> remaining = withOutliers;
        for (int pass = 0; pass < MaxPasses && remaining.Count > 0; pass++)
        {
            remaining = ExcludeOnce(remaining, sample, selected);
        }

        foreach (FeatureSpread feature in withOutliers)
        {
            // Without its outliers, an indicator is constant: then their fraction doesn't matter.
            if (feature.ExcludedFraction > MaxFraction && feature.Deviation > 0)
            {
                (feature.Mean, feature.Deviation) = (feature.Summary.Mean, feature.Summary.Deviation);
            }
        }
    }

    /// <summary>Computes mean and deviation again, without the values that are outliers by the current mean and deviation.</summary>
    /// <returns>The features whose deviation became smaller by more than 1 %.</returns>
    private static List<FeatureSpread> ExcludeOnce(List<FeatureSpread> features, PackedRows sample, int[]? selected)
    {
        double[] sums = new double[features.Count], squares = new double[features.Count], weights = new double[features.Count];
        double totalWeight = 0;
        float[] buffer = new float[sample.InputCount];
        int count = selected?.Length ?? sample.RowCount;
        for (int r = 0; r < count; r++)
        {
            int index = selected is null ? r : selected[r];
            ReadOnlySpan<float> row = sample.Expand(index, buffer);
            double weight = sample.Weights is null ? 1 : sample.Weights[index];
            totalWeight += weight;
            for (int n = 0; n < features.Count; n++)
            {
                FeatureSpread feature = features[n];
                double difference = row[feature.Index] - feature.Mean;
                if (Math.Abs(difference) <= OutlierDeviations * feature.Deviation)
                {
                    sums[n] += weight * difference;
                    squares[n] += weight * difference * difference;
                    weights[n] += weight;
                }
            }
        }

        var changed = new List<FeatureSpread>();
        for (int n = 0; n < features.Count; n++)
        {
            FeatureSpread feature = features[n];
            if (weights[n] == 0)
            {
                continue;                                                          // all values of the sample are outliers
            }

            double mean = sums[n] / weights[n], deviation = Math.Sqrt(Math.Max(0, squares[n] / weights[n] - mean * mean));
            if (deviation < feature.Deviation * 0.99)
            {
                changed.Add(feature);
            }

            feature.Mean += mean;
            feature.Deviation = deviation;
            feature.ExcludedFraction = 1 - weights[n] / totalWeight;
        }

        return changed;
    }
}

/// <summary>The mean and the deviation of a feature, from which outliers may be excluded.</summary>
/// <param name="index">The index of the feature.</param>
/// <param name="summary">The statistics of all rows.</param>
internal sealed class FeatureSpread(int index, FeatureSummary summary)
{
    public int Index => index;

    /// <summary>Gets the statistics of all rows, with the outliers.</summary>
    public FeatureSummary Summary => summary;

    public double Mean { get; set; } = summary.Mean;

    public double Deviation { get; set; } = summary.Deviation;

    /// <summary>Gets or sets the weight of the rows whose values are excluded, divided by that of all rows.</summary>
    public double ExcludedFraction { get; set; }
}
