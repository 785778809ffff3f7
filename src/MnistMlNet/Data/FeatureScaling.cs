using System.Globalization;
using System.Numerics.Tensors;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>Centres and scales features while training, and brings the trained weights back to the features as they come.</summary>
/// <remarks>
/// <para><c>W·x + b = (W·diag s)·((x - c) / s) + (b + W·c)</c>: the change alters nothing of what the network can compute, and lets one
/// learning rate and one strength of regularization serve all features, whatever their units.</para>
/// <para>Dense features are standardized: c is the mean, s the standard deviation, both without values beyond
/// <see cref="OutlierDeviations"/> deviations; but no scaled value is beyond <see cref="MaxScaled"/>.
/// Where most values are 0 (pixels, one-hot columns, words), 0 stays 0, so that rows stay sparse: such features are only divided by their
/// largest magnitude, and only where it is far from 1. A feature that is 0 in half of the rows has a mean of at most its deviation, so it
/// needn't be centred.</para>
/// </remarks>
internal sealed class FeatureScaling
{
    /// <summary>The magnitudes between which features that are mostly 0 stay as they are.</summary>
    public const float MaxMagnitude = 10;

    private const float MinMagnitude = 1e-3f;
    private const float MinCommonMagnitude = 0.1f;

    /// <summary>A value farther from the mean takes no part in mean and deviation.</summary>
    public const double OutlierDeviations = 5;

    /// <summary>The largest scaled value: an outlier beyond it shrinks its feature instead.</summary>
    public const double MaxScaled = 100;

    /// <summary>Passes in search of outliers: what is left out of the first may uncover others.</summary>
    private const int MaxPasses = 5;

    /// <summary>The share of rows from which on a feature among sparse ones is centred: below, its mean is at most three deviations.
    /// </summary>
    private const double CenteredShare = 0.9;

    /// <summary>The smallest scale: weights are divided by it.</summary>
    private const double MinScale = 1e-35;

    private readonly float[] _centers;
    private readonly float[] _scales;
    private readonly float[] _factors;

    private FeatureScaling(float[] centers, float[] scales)
    {
        _centers = centers;
        _scales = scales;
        _factors = new float[scales.Length];
        TensorPrimitives.Divide(1f, scales, _factors);
        HasCenters = centers.AsSpan().ContainsAnyExcept(0f);
    }

    /// <summary>Gets what is subtracted from each feature.</summary>
    public ReadOnlySpan<float> Centers => _centers;

    /// <summary>Gets what each feature is divided by after that.</summary>
    public ReadOnlySpan<float> Scales => _scales;

    /// <summary>Gets the inverses of <see cref="Scales"/>, by which values are multiplied.</summary>
    public ReadOnlySpan<float> Factors => _factors;

    /// <summary>Gets whether any feature is centred.</summary>
    public bool HasCenters { get; }

    /// <summary>Gets which features have one value in all rows, which isn't 0: their weights say nothing.</summary>
    public required bool[] IsConstant { get; init; }

    /// <summary>Makes the scaling for a training set; null where all features stay as they are.</summary>
    /// <param name="augmentation">What will change the rows. Where it moves values between features, a value must mean the same at each of
    /// them: all are divided by the largest magnitude, and none is centred.</param>
    public static FeatureScaling? Create(FeatureStatistics statistics, PackedRows sample, IAugmentation? augmentation = null)
    {
        FeatureSummary[] features = new FeatureSummary[statistics.InputCount];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = statistics.Of(i);
        }

        float[] centers = new float[features.Length], scales = new float[features.Length];
        float largest = features.Max(feature => feature.Magnitude);
        Array.Fill(scales, largest is > MaxMagnitude or > 0 and < MinCommonMagnitude ? ScaleOf(largest) : 1);
        if (augmentation is not { MixesFeatures: true })
        {
            bool areSparse = features.Average(feature => feature.NonZeroShare) <= PackedRowsBuilder.DensityThreshold;
            var dense = new List<int>();
            for (int i = 0; i < features.Length; i++)
            {
                if (!areSparse || features[i].NonZeroShare >= CenteredShare)
                {
                    dense.Add(i);
                }
                else if (largest >= MinCommonMagnitude)
                {
                    float magnitude = features[i].Magnitude;
                    scales[i] = magnitude is > MaxMagnitude or > 0 and < MinMagnitude ? ScaleOf(magnitude) : 1;
                }
            }

            Standardize(dense, features, sample, centers, scales);
        }

        return centers.AsSpan().ContainsAnyExcept(0f) || scales.AsSpan().ContainsAnyExcept(1f)
            ? new FeatureScaling(centers, scales) { IsConstant = [.. features.Select(feature => feature is { Min: not 0 } && feature.Min == feature.Max)] }
            : null;
    }

    /// <summary>Says what is done, for the log.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"While training, {_centers.Count(center => center != 0)} of {_centers.Length} features are centred and "
        + $"{_scales.Count(scale => scale != 1)} divided by a scale; the trained weights apply to the features as they come.");

    private static void Standardize(List<int> dense, FeatureSummary[] features, PackedRows sample, float[] centers, float[] scales)
    {
        double[] means = new double[features.Length], deviations = new double[features.Length];
        foreach (int i in dense)
        {
            (means[i], deviations[i]) = (features[i].Mean, features[i].Deviation);
        }

        List<int> withOutliers = dense.FindAll(i => features[i].Reach(means[i]) > OutlierDeviations * deviations[i]);
        for (int pass = 0; pass < MaxPasses && withOutliers.Count > 0; pass++)
        {
            withOutliers = LeaveOutliersOut(withOutliers, sample, means, deviations);
        }

        foreach (int i in dense)
        {
            double reach = features[i].Reach(means[i]);
            if (reach > float.MaxValue)
            {
                (means[i], reach) = (0, features[i].Magnitude);                    // the difference from the mean would overflow
            }

            // Without outliers the feature is constant: then the exceptions are what it says, 0 or 1.
            double scale = deviations[i] > 0 ? Math.Max(deviations[i], reach / MaxScaled) : reach;
            bool isStandard = Math.Abs(means[i]) <= 0.1 * scale && scale is >= 0.5 and <= 2;
            centers[i] = isStandard ? 0 : (float)means[i];
            scales[i] = isStandard ? 1 : ScaleOf(scale);
        }
    }

    /// <summary>Measures mean and deviation again, of the values that are near the present ones.</summary>
    /// <returns>The features for which that made a difference.</returns>
    private static List<int> LeaveOutliersOut(List<int> features, PackedRows sample, double[] means, double[] deviations)
    {
        double[] sums = new double[features.Count], squares = new double[features.Count];
        long[] counts = new long[features.Count];
        float[] room = new float[sample.InputCount];
        for (int r = 0; r < sample.RowCount; r++)
        {
            ReadOnlySpan<float> row = sample.Expand(r, room);
            for (int n = 0; n < features.Count; n++)
            {
                int i = features[n];
                double difference = row[i] - means[i];
                if (Math.Abs(difference) <= OutlierDeviations * deviations[i])
                {
                    sums[n] += difference;
                    squares[n] += difference * difference;
                    counts[n]++;
                }
            }
        }

        var changed = new List<int>();
        for (int n = 0; n < features.Count; n++)
        {
            int i = features[n];
            if (counts[n] == 0)
            {
                continue;                                                          // the sample has nothing of what is usual in all rows
            }

            double mean = sums[n] / counts[n], deviation = Math.Sqrt(Math.Max(0, squares[n] / counts[n] - mean * mean));
            if (deviation < deviations[i] * 0.99)
            {
                changed.Add(i);
            }

            means[i] += mean;
            deviations[i] = deviation;
        }

        return changed;
    }

    private static float ScaleOf(double scale) => scale > 0 ? (float)Math.Max(scale, MinScale) : 1;
}

/// <summary>Refuses features so large that training would change nothing and say nothing.</summary>
/// <remarks>Only where <c>Options.StandardizeFeatures</c> is false: else features are scaled.</remarks>
internal static class LargeFeatures
{
    /// <summary>The largest sum of a row's magnitudes.</summary>
    /// <remarks>
    /// A gradient can be as large. Adam and RMSProp divide by the root of its square: above 1.8e19 that is infinite, and the step 0.
    /// </remarks>
    public const float MostMagnitude = 1e18f;

    /// <summary>The least learning rate that is chosen: 2⁻²⁴, half the distance of floats near 1: less changes no weight there.</summary>
    public const float LeastLearningRate = 1f / (1 << 24);

    /// <exception cref="InvalidOperationException">A row is too large for any learning rate.</exception>
    public static void CheckRows(TrainingColumns columns, TrainingSet set, bool areScaled)
    {
        if (!areScaled && set.LargestRow.Magnitude > MostMagnitude)
        {
            float magnitude = Math.Min(set.LargestRow.Magnitude, float.MaxValue);  // the sum itself overflows where the features don't
            string sum = (magnitude < float.MaxValue ? "" : "more than ") + magnitude.ToString(CultureInfo.InvariantCulture);
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Row {set.LargestRow.Position} of column '{Shown.Text(columns.Features.Name)}' has features whose magnitudes "
                + $"add up to {sum}; "
                + $"at most {MostMagnitude} can be trained on. "
                + $"Options.StandardizeFeatures is false, so features aren't scaled: "
                + $"set it to true, or normalize them, for example with NormalizeMinMax."));
        }
    }

    /// <param name="given">The learning rate of the options.</param>
    /// <param name="chosen">The learning rate of the plan.</param>
    /// <exception cref="InvalidOperationException">The learning rate was chosen by the size of the features, and is too small.</exception>
    public static void CheckLearningRate(TrainingColumns columns, float? given, float chosen)
    {
        if (given is null && chosen < LeastLearningRate)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The features of column '{Shown.Text(columns.Features.Name)}' are so large that the learning rate "
                + $"chosen for them is {chosen}; "
                + $"with less than {LeastLearningRate} weights near 1 don't change. "
                + $"Normalize the features, for example with NormalizeMinMax, or give Options.LearningRate."));
        }
    }
}
