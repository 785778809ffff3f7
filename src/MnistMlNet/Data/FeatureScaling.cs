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
/// largest magnitude, and only where it is far from 1. The mean of a feature that is 0 in half of the rows is at most its deviation, so
/// centring would gain little.</para>
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
    /// <param name="places">The rows of <paramref name="sample"/> that are trained on; null for all.</param>
    public static FeatureScaling? Create(
        FeatureStatistics statistics, PackedRows sample, IAugmentation? augmentation = null, int[]? places = null)
    {
        int count = statistics.InputCount;
        float[] centers = new float[count], scales = new float[count];
        double nonZeros = 0;
        float largest = 0;
        for (int i = 0; i < count; i++)
        {
            FeatureSummary feature = statistics.Of(i);
            largest = MathF.Max(largest, feature.Magnitude);
            nonZeros += feature.NonZeroShare;
        }

        Array.Fill(scales, largest is > MaxMagnitude or > 0 and < MinCommonMagnitude ? ScaleOf(largest) : 1);
        bool areSparse = nonZeros <= PackedRowsBuilder.DensityThreshold * count;
        var dense = new List<int>();
        for (int i = 0; i < count && augmentation is not { MixesFeatures: true }; i++)
        {
            FeatureSummary feature = statistics.Of(i);
            if (!areSparse || feature.NonZeroShare >= CenteredShare)
            {
                dense.Add(i);
            }
            else if (largest >= MinCommonMagnitude)
            {
                scales[i] = feature.Magnitude is > MaxMagnitude or > 0 and < MinMagnitude ? ScaleOf(feature.Magnitude) : 1;
            }
        }

        Standardize(dense, statistics, sample, places, centers, scales);
        if (!centers.AsSpan().ContainsAnyExcept(0f) && !scales.AsSpan().ContainsAnyExcept(1f))
        {
            return null;
        }

        bool[] isConstant = new bool[count];
        for (int i = 0; i < count; i++)
        {
            isConstant[i] = statistics.Of(i) is { Min: not 0 } feature && feature.Min == feature.Max;
        }

        return new FeatureScaling(centers, scales) { IsConstant = isConstant };
    }

    /// <summary>Says what is done, for the log.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"While training, {_centers.Count(center => center != 0)} of {_centers.Length} features are centred and "
        + $"{_scales.Count(scale => scale != 1)} divided by a scale; the trained weights apply to the features as they come.");

    private static void Standardize(
        List<int> dense, FeatureStatistics statistics, PackedRows sample, int[]? places, float[] centers, float[] scales)
    {
        FeatureSummary[] features = [.. dense.Select(statistics.Of)];
        double[] means = [.. features.Select(feature => feature.Mean)], deviations = [.. features.Select(feature => feature.Deviation)];
        List<int> withOutliers = [.. Enumerable.Range(0, features.Length).Where(n =>
            features[n].Reach(means[n]) > OutlierDeviations * deviations[n])];
        for (int pass = 0; pass < MaxPasses && withOutliers.Count > 0; pass++)
        {
            withOutliers = LeaveOutliersOut(withOutliers, dense, sample, places, means, deviations);
        }

        for (int n = 0; n < features.Length; n++)
        {
            double mean = means[n], reach = features[n].Reach(mean);
            if (reach > float.MaxValue)
            {
                (mean, reach) = (0, features[n].Magnitude);                        // the difference from the mean would overflow
            }

            // Without outliers the feature is constant: then its exceptions are an indicator, and become 1.
            double scale = deviations[n] > 0 ? Math.Max(deviations[n], reach / MaxScaled) : reach;
            bool isStandard = Math.Abs(mean) <= 0.1 * scale && scale is >= 0.5 and <= 2;
            centers[dense[n]] = isStandard ? 0 : (float)mean;
            scales[dense[n]] = isStandard ? 1 : ScaleOf(scale);
        }
    }

    /// <summary>Measures mean and deviation again, of the values that are near the present ones.</summary>
    /// <returns>The features for which that made a difference.</returns>
    private static List<int> LeaveOutliersOut(
        List<int> features, List<int> dense, PackedRows sample, int[]? places, double[] means, double[] deviations)
    {
        double[] sums = new double[features.Count], squares = new double[features.Count], weights = new double[features.Count];
        float[] room = new float[sample.InputCount];
        int count = places?.Length ?? sample.RowCount;
        for (int r = 0; r < count; r++)
        {
            int place = places is null ? r : places[r];
            ReadOnlySpan<float> row = sample.Expand(place, room);
            double weight = sample.Weights is null ? 1 : sample.Weights[place];
            for (int k = 0; k < features.Count; k++)
            {
                int n = features[k];
                double difference = row[dense[n]] - means[n];
                if (Math.Abs(difference) <= OutlierDeviations * deviations[n])
                {
                    sums[k] += weight * difference;
                    squares[k] += weight * difference * difference;
                    weights[k] += weight;
                }
            }
        }

        var changed = new List<int>();
        for (int k = 0; k < features.Count; k++)
        {
            int n = features[k];
            if (weights[k] == 0)
            {
                continue;                                                          // the sample has no usual value of this feature
            }

            double mean = sums[k] / weights[k], deviation = Math.Sqrt(Math.Max(0, squares[k] / weights[k] - mean * mean));
            if (deviation < deviations[n] * 0.99)
            {
                changed.Add(n);
            }

            means[n] += mean;
            deviations[n] = deviation;
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
