using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>
/// Centres and scales features during training. Its centres and scales also convert the weights between scaled and unscaled features.
/// </summary>
/// <remarks>
/// <para><c>W·x + b = (W·diag s)·((x - c) / s) + (b + W·c)</c>, so the network can compute the same functions as without scaling. But one
/// learning rate and one strength of regularization then suit all features, whatever their units.</para>
/// <para>Dense features are standardized: c is the mean, s the standard deviation, both without outliers
/// (<see cref="OutlierSearch"/>). The scale is larger where it must be to keep all scaled values within <see cref="MaxScaled"/>.</para>
/// <para>Where most values are 0 (pixels, one-hot columns, words), 0 stays 0, so that rows stay sparse. Such features are only divided by
/// their largest magnitude, and only where it is far from 1. The mean of a feature that is 0 in half of the rows is at most its deviation,
/// so centring it would have little effect.</para>
/// </remarks>
internal sealed class FeatureScaling
{
    /// <summary>The largest magnitude at which features that are mostly 0 aren't scaled.</summary>
    public const float MaxMagnitude = 10;

    /// <summary>The smallest magnitude at which a feature that is mostly 0 isn't scaled.</summary>
    private const float MinMagnitude = 1e-3f;

    /// <summary>
    /// If the largest magnitude of the features that are mostly 0 is below this number, they are all divided by that one magnitude.
    /// </summary>
    private const float MinCommonMagnitude = 0.1f;

    /// <summary>The largest magnitude of a scaled value. A farther outlier makes the scale of its feature larger.</summary>
    public const double MaxScaled = 100;

    /// <summary>
    /// The smallest fraction of non-zero values at which a feature of sparse rows is centred. Below it, the mean is at most three
    /// deviations.
    /// </summary>
    private const double MinCenteredFraction = 0.9;

    /// <summary>The smallest scale, since trained weights are divided by the scale.</summary>
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

    /// <summary>Gets the number that is subtracted from each feature.</summary>
    public ReadOnlySpan<float> Centers => _centers;

    /// <summary>Gets the number by which each feature is divided after the subtraction.</summary>
    public ReadOnlySpan<float> Scales => _scales;

    /// <summary>Gets the factor of each feature, the inverse of <see cref="Scales"/>.</summary>
    public ReadOnlySpan<float> Factors => _factors;

    /// <summary>Gets whether any feature is centred.</summary>
    public bool HasCenters { get; }

    /// <summary>Gets for each feature whether it has the same non-zero value in all rows: its weights then have no meaning.</summary>
    public required bool[] IsConstant { get; init; }

    /// <summary>Creates the scaling for a training set; returns null where no feature is changed.</summary>
    /// <param name="statistics">The statistics of the training rows.</param>
    /// <param name="sample">The rows in which outliers are searched.</param>
    /// <param name="augmentation">The augmentation of the rows. Where it moves values between features, they need a common scale: the
    /// largest magnitude, or 1. None is then centred.</param>
    /// <param name="selected">The indices of the training rows in <paramref name="sample"/>; null for all rows.</param>
    public static FeatureScaling? Create(
        FeatureStatistics statistics, PackedRows sample, IAugmentation? augmentation = null, int[]? selected = null)
    {
        int count = statistics.InputCount;
        float[] centers = new float[count], scales = new float[count];
        // Summaries are computed again where they are needed: those of a million features would take as much memory as the rows.
        IEnumerable<int> all = Enumerable.Range(0, count);
        bool mixesFeatures = augmentation is { MixesFeatures: true };
        bool areSparse = all.Sum(i => statistics.Of(i).NonZeroFraction) <= PackedRowsBuilder.DensityThreshold * count;
        bool IsCentered(int i) => !mixesFeatures && (!areSparse || statistics.Of(i).NonZeroFraction >= MinCenteredFraction);
        ScaleByMagnitude(all.Where(i => !IsCentered(i)), statistics, mixesFeatures, scales);
        Standardize(all.Where(IsCentered), statistics, sample, selected, centers, scales);
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

    public void Write(BinaryWriter writer)
    {
        writer.Write(MemoryMarshal.AsBytes<float>(_centers));
        writer.Write(MemoryMarshal.AsBytes<float>(_scales));
        writer.Write(MemoryMarshal.AsBytes<bool>(IsConstant));
    }

    public static FeatureScaling Read(BinaryReader reader, int inputCount) =>
        new(reader.ReadValues<float>(inputCount), reader.ReadValues<float>(inputCount))
        {
            IsConstant = reader.ReadValues<bool>(inputCount),
        };

    /// <summary>Gets a description of the scaling for the log.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"During training, {_centers.Count(center => center != 0)} of {_centers.Length} features are centred and "
        + $"{_scales.Count(scale => scale != 1)} divided by a scale; the trained weights apply to the unscaled features.");

    /// <summary>Scales features that aren't centred: all by one number, or only those whose magnitude is far from 1.</summary>
    private static void ScaleByMagnitude(IEnumerable<int> indices, FeatureStatistics statistics, bool useOneScale, float[] scales)
    {
        float largest = indices.Select(i => statistics.Of(i).Magnitude).DefaultIfEmpty().Max();
        foreach (int i in indices)
        {
            bool isCommon = useOneScale || largest < MinCommonMagnitude;
            float magnitude = isCommon ? largest : statistics.Of(i).Magnitude, min = isCommon ? MinCommonMagnitude : MinMagnitude;
            scales[i] = magnitude > MaxMagnitude || (magnitude > 0 && magnitude < min) ? ScaleOf(magnitude) : 1;
        }
    }

    private static void Standardize(
        IEnumerable<int> indices, FeatureStatistics statistics, PackedRows sample, int[]? selected, float[] centers, float[] scales)
    {
        FeatureSpread[] spreads = [.. indices.Select(i => new FeatureSpread(i, statistics.Of(i)))];
        OutlierSearch.Exclude(spreads, sample, selected);
        foreach (FeatureSpread feature in spreads)
        {
            double mean = feature.Mean, maxDistance = feature.Summary.MaxDistance(mean);
            if (maxDistance > float.MaxValue)
            {
                (mean, maxDistance) = (0, feature.Summary.Magnitude);              // the difference from the mean would overflow
            }

            // A feature that is constant without its outliers is an indicator: its largest outlier becomes 1 or -1.
            double scale = feature.Deviation > 0 ? Math.Max(feature.Deviation, maxDistance / MaxScaled) : maxDistance;
            bool isStandard = Math.Abs(mean) <= 0.1 * scale && scale is >= 0.5 and <= 2;
            centers[feature.Index] = isStandard ? 0 : (float)mean;
            scales[feature.Index] = isStandard ? 1 : ScaleOf(scale);
        }
    }

    private static float ScaleOf(double scale) => scale > 0 ? (float)Math.Max(scale, MinScale) : 1;
}

/// <summary>Refuses features that are so large that training would not change the weights, without any error.</summary>
/// <remarks>This happens only where <c>Options.StandardizeFeatures</c> is false: otherwise features are scaled.</remarks>
internal static class LargeFeatures
{
    /// <summary>The largest accepted sum of a row's magnitudes.</summary>
    /// <remarks>
    /// A gradient can be as large as this sum. Adam and RMSProp divide by the root of its square. Above 1.8e19 the square is infinite, and
    /// the step is 0.
    /// </remarks>
    public const float MaxMagnitude = 1e18f;

    /// <summary>
    /// The smallest accepted learning rate that was chosen by default: 2⁻²⁴, half the distance between floats just above 1. A smaller rate
    /// doesn't change weights near 1.
    /// </summary>
    public const float MinLearningRate = 1f / (1 << 24);

    /// <exception cref="InvalidOperationException">A row is too large for any learning rate.</exception>
    public static void CheckRows(TrainingColumns columns, TrainingSet set, bool areScaled)
    {
        if (!areScaled && set.LargestRow.Magnitude > MaxMagnitude)
        {
            float magnitude = Math.Min(set.LargestRow.Magnitude, float.MaxValue);  // the sum may overflow where no feature does
            string sum = (magnitude < float.MaxValue ? "" : "more than ") + magnitude.ToString(CultureInfo.InvariantCulture);
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Row {set.LargestRow.Position} of column '{Shown.Text(columns.Features.Name)}' has features whose magnitudes "
                + $"add up to {sum}; "
                + $"at most {MaxMagnitude} can be trained on. "
                + $"Options.StandardizeFeatures is false, so features aren't scaled: "
                + $"set it to true, or normalize them, for example with NormalizeMinMax."));
        }
    }

    /// <param name="given">The learning rate of the options.</param>
    /// <param name="chosen">The learning rate of the resolved options.</param>
    /// <exception cref="InvalidOperationException">The learning rate, chosen by the size of the features, is too small.</exception>
    public static void CheckLearningRate(TrainingColumns columns, float? given, float chosen)
    {
        if (given is null && chosen < MinLearningRate)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The features of column '{Shown.Text(columns.Features.Name)}' are so large that the learning rate "
                + $"chosen for them is {chosen}; "
                + $"with less than {MinLearningRate} weights near 1 don't change. "
                + $"Normalize the features, for example with NormalizeMinMax, or give Options.LearningRate."));
        }
    }
}
