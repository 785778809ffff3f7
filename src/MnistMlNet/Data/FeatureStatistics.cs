using System.Numerics;
using System.Numerics.Tensors;

namespace MnistMlNet.Data;

/// <summary>Range, weighted mean and standard deviation of each feature, in one pass over the rows.</summary>
/// <remarks>
/// Sums are in double precision, of differences from the first row: features of 3,000 ± 1 then lose no digits. Zeros are added at the end
/// by their weight, so that sparse and dense rows give the same. Each feature has its own sums, so the width of the machine's vectors
/// changes no bit.
/// </remarks>
internal sealed class FeatureStatistics(int inputCount)
{
    private readonly float[] _first = new float[inputCount];
    private readonly float[] _min = new float[inputCount];
    private readonly float[] _max = new float[inputCount];
    private readonly double[] _sums = new double[inputCount];
    private readonly double[] _squares = new double[inputCount];

    /// <summary>The weight of the rows in which the feature isn't 0.</summary>
    private readonly double[] _weights = new double[inputCount];

    private double _totalWeight;
    private bool _hasRows;

    public int InputCount => inputCount;

    /// <summary>Takes the statistics of packed rows.</summary>
    /// <param name="places">The rows to use; null for all.</param>
    public static FeatureStatistics Of(PackedRows rows, int[]? places)
    {
        var statistics = new FeatureStatistics(rows.InputCount);
        float[] room = rows.IsSparse ? [] : new float[rows.InputCount];
        int[] indices = new int[rows.IsSparse ? rows.InputCount : 0];
        int count = places?.Length ?? rows.RowCount;
        for (int r = 0; r < count; r++)
        {
            int row = places is null ? r : places[r];
            float weight = rows.Weights is null ? 1 : rows.Weights[row];
            if (rows.IsSparse)
            {
                statistics.AddSparse(rows.Entries(row, indices, out ReadOnlySpan<float> values), values, weight);
            }
            else
            {
                statistics.AddDense(rows.Expand(row, room), weight);
            }
        }

        return statistics;
    }

    /// <summary>Adds a row given by all its values, <c>[I]</c>.</summary>
    public void AddDense(ReadOnlySpan<float> values, float weight)
    {
        if (!_hasRows)
        {
            values.CopyTo(_first);
            values.CopyTo(_min);
            values.CopyTo(_max);
            _hasRows = true;
        }

        _totalWeight += weight;
        TensorPrimitives.Min(_min, values, _min);
        TensorPrimitives.Max(_max, values, _max);
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out Vector<double> low, out Vector<double> high);
            Vector.Widen(new Vector<float>(_first, i), out Vector<double> firstLow, out Vector<double> firstHigh);
            Add(low, firstLow, weight, i);
            Add(high, firstHigh, weight, i + Vector<double>.Count);
        }

        for (; i < values.Length; i++)
        {
            Add(values[i], weight, i);
        }
    }

    /// <summary>Adds a row given by some of its values; the others are 0.</summary>
    public void AddSparse(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, float weight)
    {
        if (!_hasRows)
        {
            for (int n = 0; n < indices.Length; n++)
            {
                int i = indices[n];
                _first[i] = _min[i] = _max[i] = values[n];
            }

            _hasRows = true;
        }

        _totalWeight += weight;
        for (int n = 0; n < indices.Length; n++)
        {
            int i = indices[n];
            _min[i] = MathF.Min(_min[i], values[n]);
            _max[i] = MathF.Max(_max[i], values[n]);
            Add(values[n], weight, i);
        }
    }

    /// <summary>What is known of feature <paramref name="i"/>.</summary>
    public FeatureSummary Of(int i)
    {
        double zeros = _totalWeight - _weights[i], first = _first[i];
        double sum = (_sums[i] - zeros * first) / _totalWeight, square = (_squares[i] + zeros * first * first) / _totalWeight;
        bool hasZeros = zeros > 0;
        return new FeatureSummary(
            hasZeros ? MathF.Min(_min[i], 0) : _min[i], hasZeros ? MathF.Max(_max[i], 0) : _max[i], first + sum,
            Math.Sqrt(Math.Max(0, square - sum * sum)), _weights[i] / _totalWeight);
    }

    private void Add(Vector<double> values, Vector<double> first, double weight, int i)
    {
        Vector<double> zero = Vector<double>.Zero;
        var isZero = Vector.Equals(values, zero);
        Vector<double> difference = Vector.ConditionalSelect(isZero, zero, values - first);
        Vector<double> weighted = difference * weight;
        (new Vector<double>(_sums, i) + weighted).CopyTo(_sums, i);
        (new Vector<double>(_squares, i) + weighted * difference).CopyTo(_squares, i);
        (new Vector<double>(_weights, i) + Vector.ConditionalSelect(isZero, zero, new Vector<double>(weight))).CopyTo(_weights, i);
    }

    private void Add(float value, double weight, int i)
    {
        if (value != 0)
        {
            double difference = (double)value - _first[i], weighted = difference * weight;
            _sums[i] += weighted;
            _squares[i] += weighted * difference;
            _weights[i] += weight;
        }
    }
}

/// <summary>What is known of one feature.</summary>
/// <param name="Deviation">The standard deviation of the population: divided by the weight of all rows.</param>
/// <param name="NonZeroShare">The share of the weight of all rows in which it isn't 0.</param>
internal readonly record struct FeatureSummary(float Min, float Max, double Mean, double Deviation, double NonZeroShare)
{
    /// <summary>Gets the largest |value|.</summary>
    public float Magnitude => MathF.Max(MathF.Abs(Min), MathF.Abs(Max));

    /// <summary>The largest distance of a value from <paramref name="center"/>.</summary>
    public double Reach(double center) => Math.Max(Max - center, center - Min);
}
