using System.Runtime.InteropServices;

namespace MnistMlNet.Data;

/// <summary>Weighted mean and variance of each target, in one pass over the rows.</summary>
/// <remarks>Welford's update in double precision: targets of 1e9 ± 1 lose no digits.</remarks>
internal sealed class TargetStatistics(int targetCount)
{
    private readonly double[] _means = new double[targetCount];
    private readonly double[] _squares = new double[targetCount];
    private double _weight;

    /// <summary>Gets the weighted mean of each target.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>Takes the statistics of packed rows.</summary>
    /// <param name="places">The rows to use; null for all.</param>
    public static TargetStatistics Of(PackedRows rows, int[]? places)
    {
        var statistics = new TargetStatistics(rows.TargetCount);
        int count = places?.Length ?? rows.RowCount;
        for (int r = 0; r < count; r++)
        {
            int row = places is null ? r : places[r];
            statistics.Add(rows.TargetsOf(row), rows.Weights is null ? 1 : rows.Weights[row]);
        }

        return statistics;
    }

    /// <summary>Adds the targets of a row, all of them finite.</summary>
    public void Add(ReadOnlySpan<float> targets, float weight)
    {
        _weight += weight;
        for (int k = 0; k < targets.Length && weight > 0; k++)
        {
            double step = targets[k] - _means[k];
            _means[k] += step * weight / _weight;
            _squares[k] += weight * step * (targets[k] - _means[k]);
        }
    }

    /// <summary>Adds the statistics of other rows (Chan, Golub and LeVeque 1983, doi:10.1080/00031305.1983.10483115).</summary>
    public void Add(TargetStatistics other)
    {
        double total = _weight + other._weight;
        for (int k = 0; k < targetCount && other._weight > 0; k++)
        {
            double step = other._means[k] - _means[k];
            _means[k] += step * other._weight / total;
            _squares[k] += other._squares[k] + step * step * _weight * other._weight / total;
        }

        _weight = total;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_weight);
        writer.Write(MemoryMarshal.AsBytes<double>(_means));
        writer.Write(MemoryMarshal.AsBytes<double>(_squares));
    }

    public static TargetStatistics Read(BinaryReader reader, int targetCount)
    {
        var statistics = new TargetStatistics(targetCount) { _weight = reader.ReadDouble() };
        reader.ReadValues<double>(targetCount).CopyTo(statistics._means, 0);
        reader.ReadValues<double>(targetCount).CopyTo(statistics._squares, 0);
        return statistics;
    }

    /// <summary>The variance of a target: the mean squared distance from its mean.</summary>
    public double Variance(int target) => _weight > 0 ? _squares[target] / _weight : 0;

    /// <summary>The mean over the targets of their variances, each in its own unit.</summary>
    public double MeanVariance(IReadOnlyList<double> units) =>
        Enumerable.Range(0, targetCount).Average(k => Variance(k) / (units[k] * units[k]));
}

/// <summary>The unit and the origin of each target while training: y becomes <c>(y - Centers[k]) / Scales[k]</c>.</summary>
/// <remarks>
/// <para>So a label in the millions trains as one in units does. Afterwards the change is folded into W2 and b2, and scores are in the
/// label's own unit.</para>
/// <para>For the squared loss these are mean and standard deviation. For losses that ignore outliers they are the median and the distance
/// between the quartiles, as a standard deviation: one outlier of a million would otherwise make all other targets equal. Counts keep their
/// origin, 0, and are divided by their mean.</para>
/// </remarks>
internal sealed class TargetScaling
{
    /// <summary>The distance between the quartiles of a normal distribution, in standard deviations.</summary>
    private const double QuartilesOfNormal = 1.3489795;

    /// <summary>
    /// The limit of targets while training. A target that is farther from the others than a float can hold would be infinite, and so would
    /// be its loss.
    /// </summary>
    private const double MaxMagnitude = 1e30;

    private TargetScaling(double[] centers, double[] scales, bool isLogarithmic)
    {
        Centers = centers;
        Scales = scales;
        IsLogarithmic = isLogarithmic;
    }

    public IReadOnlyList<double> Centers { get; }

    public IReadOnlyList<double> Scales { get; }

    /// <summary>Gets whether the output is the logarithm of the target, so that a change of the unit is a sum.</summary>
    public bool IsLogarithmic { get; }

    /// <param name="statistics">Of all training rows.</param>
    /// <param name="sample">Rows in memory, by which quartiles are found.</param>
    /// <param name="places">The training rows among them; null for all.</param>
    public static TargetScaling Create(TargetStatistics statistics, PackedRows sample, int[]? places, RegressionLoss loss)
    {
        int count = sample.TargetCount;
        double[] centers = new double[count], scales = new double[count];
        for (int k = 0; k < count; k++)
        {
            double mean = statistics.Means[k], deviation = Math.Sqrt(statistics.Variance(k));
            (centers[k], scales[k]) = loss switch
            {
                RegressionLoss.Squared => (mean, deviation),
                RegressionLoss.Poisson => (0, mean),
                _ => Quartiles(sample, places, k) is var (median, distance) && distance > 0 ? (median, distance) : (mean, deviation),
            };

            // Constant targets, and those whose deviation a float can't hold, keep their unit.
            scales[k] = (float)scales[k] is > 0 and < float.PositiveInfinity ? scales[k] : 1;
        }

        return new TargetScaling(centers, scales, loss == RegressionLoss.Poisson);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(MemoryMarshal.AsBytes<double>(Centers.ToArray()));
        writer.Write(MemoryMarshal.AsBytes<double>(Scales.ToArray()));
        writer.Write(IsLogarithmic);
    }

    public static TargetScaling Read(BinaryReader reader, int targetCount) =>
        new(reader.ReadValues<double>(targetCount), reader.ReadValues<double>(targetCount), reader.ReadBoolean());

    /// <summary>Changes the targets of rows.</summary>
    public void Apply(PackedRows rows)
    {
        for (int r = 0; r < rows.RowCount; r++)
        {
            Span<float> targets = rows.TargetsOf(r);
            for (int k = 0; k < targets.Length; k++)
            {
                targets[k] = (float)Math.Clamp((targets[k] - Centers[k]) / Scales[k], -MaxMagnitude, MaxMagnitude);
            }
        }
    }

    private static (double Median, double Distance) Quartiles(PackedRows rows, int[]? places, int target)
    {
        float[] values = new float[places?.Length ?? rows.RowCount];
        for (int r = 0; r < values.Length; r++)
        {
            values[r] = rows.TargetsOf(places is null ? r : places[r])[target];
        }

        Array.Sort(values);
        return (values[values.Length / 2], ((double)values[3 * values.Length / 4] - values[values.Length / 4]) / QuartilesOfNormal);
    }
}
