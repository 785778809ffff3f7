using System.Numerics;
using System.Numerics.Tensors;

namespace MnistMlNet.Data;

/// <summary>Range, mean and standard deviation of each feature over all rows, in one pass.</summary>
/// <remarks>
/// Sums are of differences from the first row, in double precision: features of 3,000 ± 1 then lose no digits.
/// Each feature has its own sums, so the width of the machine's vectors changes no bit.
/// </remarks>
internal sealed class FeatureStatistics(int inputCount)
{
    private readonly float[] _first = new float[inputCount];
    private readonly float[] _min = new float[inputCount];
    private readonly float[] _max = new float[inputCount];
    private readonly double[] _sums = new double[inputCount];
    private readonly double[] _squares = new double[inputCount];
    private readonly long[] _zeros = new long[inputCount];

    /// <summary>How many sparse rows have an entry for the feature, 0 or not.</summary>
    private readonly long[] _entries = new long[inputCount];

    private long _sparseRows;

    /// <summary>Gets how many rows were added.</summary>
    public long RowCount { get; private set; }

    public int InputCount => inputCount;

    /// <summary>Adds a row given by all its values, <c>[I]</c>.</summary>
    public void AddDense(ReadOnlySpan<float> values)
    {
        if (RowCount++ == 0)
        {
            values.CopyTo(_first);
            values.CopyTo(_min);
            values.CopyTo(_max);
        }

        TensorPrimitives.Min(_min, values, _min);
        TensorPrimitives.Max(_max, values, _max);
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = new Vector<float>(values[i..]);
            Vector.Widen(x, out Vector<double> low, out Vector<double> high);
            Vector.Widen(new Vector<float>(_first, i), out Vector<double> firstLow, out Vector<double> firstHigh);
            AddTo(low - firstLow, i);
            AddTo(high - firstHigh, i + Vector<double>.Count);
            Vector.Widen(Vector.Equals(x, Vector<float>.Zero), out Vector<long> zerosLow, out Vector<long> zerosHigh);
            (new Vector<long>(_zeros, i) - zerosLow).CopyTo(_zeros, i);
            (new Vector<long>(_zeros, i + Vector<long>.Count) - zerosHigh).CopyTo(_zeros, i + Vector<long>.Count);
        }

        for (; i < values.Length; i++)
        {
            AddTo(values[i], i);
        }
    }

    /// <summary>Adds a row given by some of its values; the others are 0.</summary>
    public void AddSparse(ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
    {
        if (RowCount++ == 0)
        {
            for (int n = 0; n < indices.Length; n++)
            {
                int i = indices[n];
                _first[i] = _min[i] = _max[i] = values[n];
            }
        }

        _sparseRows++;
        for (int n = 0; n < indices.Length; n++)
        {
            int i = indices[n];
            _entries[i]++;
            _min[i] = MathF.Min(_min[i], values[n]);
            _max[i] = MathF.Max(_max[i], values[n]);
            AddTo(values[n], i);
        }
    }

    /// <summary>What is known of feature <paramref name="i"/>.</summary>
    public FeatureSummary Of(int i)
    {
        // Entries that sparse rows leave out are zeros.
        long left = _sparseRows - _entries[i];
        double difference = -(double)_first[i], sum = _sums[i] + left * difference, squares = _squares[i] + left * difference * difference;
        double mean = sum / RowCount, variance = Math.Max(0, squares / RowCount - mean * mean);
        return new FeatureSummary(
            left > 0 ? MathF.Min(_min[i], 0) : _min[i], left > 0 ? MathF.Max(_max[i], 0) : _max[i], _first[i] + mean, Math.Sqrt(variance),
            1 - (double)(_zeros[i] + left) / RowCount);
    }

    private void AddTo(Vector<double> differences, int i)
    {
        (new Vector<double>(_sums, i) + differences).CopyTo(_sums, i);
        (new Vector<double>(_squares, i) + differences * differences).CopyTo(_squares, i);
    }

    private void AddTo(float value, int i)
    {
        double difference = (double)value - _first[i];
        _sums[i] += difference;
        _squares[i] += difference * difference;
        _zeros[i] += value == 0 ? 1 : 0;
    }
}

/// <summary>What is known of one feature.</summary>
/// <param name="Deviation">The standard deviation, divided by the number of rows.</param>
/// <param name="NonZeroShare">The share of rows in which it isn't 0.</param>
internal readonly record struct FeatureSummary(float Min, float Max, double Mean, double Deviation, double NonZeroShare)
{
    /// <summary>Gets the largest |value|.</summary>
    public float Magnitude => MathF.Max(MathF.Abs(Min), MathF.Abs(Max));

    /// <summary>The largest distance of a value from <paramref name="center"/>.</summary>
    public double Reach(double center) => Math.Max(Max - center, center - Min);
}
