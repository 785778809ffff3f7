using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Data;

/// <summary>Computes the range, the weighted mean and the standard deviation of each feature in one pass over the rows.</summary>
/// <remarks>
/// The differences from the first row are summed in double precision, so features of 3,000 ± 1 lose no digits. Zeros are added at the end,
/// by their total weight, so sparse and dense rows give the same result. Each feature has its own sums, so the result is bit-identical for
/// any vector width of the processor.
/// </remarks>
internal sealed class FeatureStatistics(int inputCount)
{
    private readonly float[] _first = new float[inputCount];
    private readonly float[] _min = new float[inputCount];
    private readonly float[] _max = new float[inputCount];
    private readonly double[] _sums = new double[inputCount];
    private readonly double[] _squares = new double[inputCount];

    /// <summary>The total weight of the rows in which the feature isn't 0.</summary>
    private readonly double[] _weights = new double[inputCount];

    private double _totalWeight;
    private bool _hasRows;

    public int InputCount => inputCount;

    /// <summary>Computes the statistics of packed rows.</summary>
    /// <param name="selected">The indices of the rows to use; null for all rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static FeatureStatistics Of(PackedRows rows, int[]? selected)
    {
        var statistics = new FeatureStatistics(rows.InputCount);
        float[] buffer = rows.IsSparse ? [] : new float[rows.InputCount];
        int[] indices = new int[rows.IsSparse ? rows.InputCount : 0];
        int count = selected?.Length ?? rows.RowCount;
        for (int r = 0; r < count; r++)
        {
            int row = selected is null ? r : selected[r];
            float weight = rows.Weights is null ? 1 : rows.Weights[row];
            if (rows.IsSparse)
            {
                statistics.AddSparse(rows.Entries(row, indices, out ReadOnlySpan<float> values), values, weight);
            }
            else
            {
                statistics.AddDense(rows.Expand(row, buffer), weight);
            }
        }

        return statistics;
    }

    /// <summary>Adds a dense row.</summary>
    /// <param name="values">All values of the row: <c>[I]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    /// <summary>Adds a sparse row, whose other values are 0.</summary>
    /// <param name="indices">The inputs of the entries.</param>
    /// <param name="values">The values of the entries.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    /// <summary>Computes the statistics of feature <paramref name="i"/> over the rows so far.</summary>
    public FeatureSummary Of(int i)
    {
        double zeros = _totalWeight - _weights[i], first = _first[i];
        double sum = (_sums[i] - zeros * first) / _totalWeight, square = (_squares[i] + zeros * first * first) / _totalWeight;
        bool hasZeros = zeros > 0;
        return new FeatureSummary(
            hasZeros ? MathF.Min(_min[i], 0) : _min[i], hasZeros ? MathF.Max(_max[i], 0) : _max[i], first + sum,
            Math.Sqrt(Math.Max(0, square - sum * sum)), _weights[i] / _totalWeight);
    }

    /// <summary>Multiplies the weights of all rows so far.</summary>
    public void ScaleWeights(double factor)
    {
        _totalWeight *= factor;
        foreach (double[] sums in new[] { _sums, _squares, _weights })
        {
            TensorPrimitives.Multiply(sums, factor, sums);
        }
    }

    /// <summary>Adds the statistics of other rows of the same features.</summary>
    public void Add(FeatureStatistics other)
    {
        if (!other._hasRows)
        {
            return;
        }

        if (!_hasRows)
        {
            other._first.CopyTo(_first, 0);
            other._min.CopyTo(_min, 0);
            other._max.CopyTo(_max, 0);
            _hasRows = true;
        }

        _totalWeight += other._totalWeight;
        TensorPrimitives.Min(_min, other._min, _min);
        TensorPrimitives.Max(_max, other._max, _max);
        for (int i = 0; i < inputCount; i++)
        {
            // The sums of the other rows are of differences from their own first row.
            double shift = (double)other._first[i] - _first[i], weight = other._weights[i];
            _squares[i] += other._squares[i] + 2 * shift * other._sums[i] + shift * shift * weight;
            _sums[i] += other._sums[i] + shift * weight;
            _weights[i] += weight;
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_hasRows);
        writer.Write(_totalWeight);
        foreach (float[] values in new[] { _first, _min, _max })
        {
            writer.Write(MemoryMarshal.AsBytes<float>(values));
        }

        foreach (double[] values in new[] { _sums, _squares, _weights })
        {
            writer.Write(MemoryMarshal.AsBytes<double>(values));
        }
    }

    public static FeatureStatistics Read(BinaryReader reader, int inputCount)
    {
        var statistics = new FeatureStatistics(inputCount) { _hasRows = reader.ReadBoolean(), _totalWeight = reader.ReadDouble() };
        foreach (float[] values in new[] { statistics._first, statistics._min, statistics._max })
        {
            reader.ReadValues<float>(inputCount).CopyTo(values, 0);
        }

        foreach (double[] values in new[] { statistics._sums, statistics._squares, statistics._weights })
        {
            reader.ReadValues<double>(inputCount).CopyTo(values, 0);
        }

        return statistics;
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

/// <summary>The statistics of one feature.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="Mean">The weighted mean.</param>
/// <param name="Deviation">The population standard deviation: the sum of squares is divided by the total weight.</param>
/// <param name="NonZeroFraction">The total weight of the rows in which the feature isn't 0, divided by that of all rows.</param>
internal readonly record struct FeatureSummary(float Min, float Max, double Mean, double Deviation, double NonZeroFraction)
{
    /// <summary>Gets the largest |value|.</summary>
    public float Magnitude => MathF.Max(MathF.Abs(Min), MathF.Abs(Max));

    /// <summary>Gets the largest distance of a value from <paramref name="center"/>.</summary>
    public double MaxDistance(double center) => Math.Max(Max - center, center - Min);
}
