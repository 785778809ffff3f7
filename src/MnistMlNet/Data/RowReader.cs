using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Data;

/// <summary>One pass of one cursor: IDataView → rows that are valid.</summary>
internal sealed class RowReader : IDisposable
{
    /// <summary>Rows between two looks at the cancel flags.</summary>
    public const int RowsBetweenChecks = 256;

    private readonly TrainingColumns _columns;
    private readonly Action _checkCanceled;
    private readonly DataViewRowCursor _cursor;
    private readonly Func<ulong> _getLabel;
    private readonly ValueGetter<VBuffer<float>> _getFeatures;
    private readonly ValueGetter<float>? _getWeight;
    private VBuffer<float> _features;
    private long _rowsSeen;

    /// <param name="data">Rows of the schema that <paramref name="columns"/> was made from.</param>
    /// <param name="random">Shuffles the rows as far as the data view does so; null to leave them in order.</param>
    public RowReader(TrainingColumns columns, IDataView data, Action checkCanceled, Random? random = null)
    {
        _columns = columns;
        _checkCanceled = checkCanceled;
        _cursor = data.GetRowCursor(columns.All, data.CanShuffle ? random : null);
        _getLabel = LabelGetter(_cursor, columns.Label);
        _getFeatures = _cursor.GetGetter<VBuffer<float>>(columns.Features);
        _getWeight = columns.Weight is { } weightColumn ? _cursor.GetGetter<float>(weightColumn) : null;
        ClassCounts = new long[columns.ClassCount];
        ClassWeightSums = new double[columns.ClassCount];
    }

    /// <summary>Gets the rows that were left out so far.</summary>
    public SkippedRows Skipped { get; } = new();

    /// <summary>Gets the number of valid rows of each class so far.</summary>
    public long[] ClassCounts { get; }

    /// <summary>Gets the sum of the weights of each class's valid rows so far.</summary>
    public double[] ClassWeightSums { get; }

    /// <summary>Gets what takes statistics of the valid rows' features; null for nothing.</summary>
    public FeatureStatistics? Statistics { get; init; }

    /// <summary>
    /// Gets the place and the sum of magnitudes, infinite where it overflows, of the valid row where it is largest so far.
    /// </summary>
    public (long Position, float Magnitude) LargestRow { get; private set; }

    /// <summary>Gets the sum of the weights so far.</summary>
    public double WeightSum { get; private set; }

    /// <summary>Gets what hashes the valid rows; null for nothing.</summary>
    public RowHashes.Builder? Hashes { get; init; }

    /// <summary>Gets whether there is a column of weights.</summary>
    public bool IsWeighted => _getWeight is not null;

    /// <summary>Adds up to <paramref name="rowCount"/> valid rows to a builder, or with none, only counts them.</summary>
    /// <returns>How many there were: fewer only at the end.</returns>
    public int Read(PackedRowsBuilder? builder, int rowCount)
    {
        int valid = 0;
        while (valid < rowCount && _cursor.MoveNext())
        {
            if (_rowsSeen++ % RowsBetweenChecks == 0)
            {
                _checkCanceled();
            }

            if (TryReadRow(builder))
            {
                valid++;
            }
        }

        return valid;
    }

    public void Dispose() => _cursor.Dispose();

    private bool TryReadRow(PackedRowsBuilder? builder)
    {
        ulong key = _getLabel();
        if (_columns.IsMissing(key))
        {
            Skipped.MissingLabel++;
            return false;
        }

        float weight = 1;
        _getWeight?.Invoke(ref weight);
        if (!(weight > 0) || float.IsInfinity(weight))
        {
            Skipped.WeightOutOfRange++;
            return false;
        }

        _getFeatures(ref _features);
        FeatureRow.Check(_features, _cursor.Position, _columns.Features.Name, _columns.InputCount);
        ReadOnlySpan<float> values = _features.GetValues();

        // NaN and the infinities come through a sum of magnitudes; an overflow of finite values looks the same, so then look closely.
        float magnitude = TensorPrimitives.SumOfMagnitudes(values);
        if (!float.IsFinite(magnitude) && !TensorPrimitives.IsFiniteAll(values))
        {
            Skipped.FeatureNotFinite++;
            return false;
        }

        if (magnitude > LargestRow.Magnitude)
        {
            LargestRow = (_cursor.Position, magnitude);
        }

        WeightSum += weight;
        int label = _columns.ClassOf((int)key - 1);
        Hashes?.Add(label, weight, _features);
        ClassCounts[label]++;
        ClassWeightSums[label] += weight;
        if (_features.IsDense)
        {
            Statistics?.AddDense(values, weight);
            builder?.AddDense(values, label, weight);
        }
        else
        {
            ReadOnlySpan<int> indices = _features.GetIndices();
            Statistics?.AddSparse(indices, values, weight);
            builder?.AddSparse(indices, values, label, weight);
        }

        return true;
    }

    /// <summary>Gives a function that reads the key of the cursor's row, 0 for a missing label.</summary>
    public static Func<ulong> LabelGetter(DataViewRowCursor cursor, DataViewSchema.Column label)
    {
        Type raw = label.Type.RawType;
        return raw == typeof(byte) ? Getter<byte>(b => b)
            : raw == typeof(ushort) ? Getter<ushort>(s => s)
            : raw == typeof(uint) ? Getter<uint>(i => i)
            : Getter<ulong>(l => l);

        Func<ulong> Getter<T>(Func<T, ulong> widen)
        {
            ValueGetter<T> getter = cursor.GetGetter<T>(label);
            return () =>
            {
                T key = default!;
                getter(ref key);
                return widen(key);
            };
        }
    }
}

/// <summary>Rows that were left out, by their first fault.</summary>
internal sealed class SkippedRows
{
    /// <summary>The usual reason why labels or features of many rows are missing.</summary>
    public const string LoaderQuestion = "Are the loader's separator, header setting and columns right?";

    public long MissingLabel { get; set; }

    public long FeatureNotFinite { get; set; }

    public long WeightOutOfRange { get; set; }

    public long Total => MissingLabel + FeatureNotFinite + WeightOutOfRange;

    /// <summary>The error for data of which no row is left.</summary>
    /// <param name="purpose">What the rows are for: training or validation.</param>
    public InvalidOperationException NoneLeft(string purpose) => new(Total == 0
        ? $"No valid {purpose} instances found: the data has no rows. Are the path, the loader's header setting and the filters right?"
        : $"No valid {purpose} instances found: all {Total} rows were skipped: {this}. {LoaderQuestion}");

    /// <summary>Says how many rows were left out and why.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        AddPart(MissingLabel, "missing label");
        AddPart(FeatureNotFinite, "a feature that is NaN or infinite");
        AddPart(WeightOutOfRange, "a weight that is not a finite number above 0");
        return string.Join(", ", parts);

        void AddPart(long count, string reason)
        {
            if (count > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} with {reason}"));
            }
        }
    }
}
