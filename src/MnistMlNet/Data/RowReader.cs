using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Configuration;

namespace MnistMlNet.Data;

/// <summary>Reads the valid rows of a data view in one pass of a cursor.</summary>
internal sealed class RowReader : IDisposable
{
    /// <summary>The number of rows between two checks for cancellation.</summary>
    public const int RowsBetweenChecks = 256;

    private readonly TrainingColumns _columns;
    private readonly Action _checkCanceled;
    private readonly DataViewRowCursor _cursor;
    private readonly LabelReader _label;
    private readonly float[] _targets;
    private readonly ValueGetter<VBuffer<float>> _getFeatures;
    private readonly ValueGetter<float>? _getWeight;
    private VBuffer<float> _features;
    private long _rowsSeen;

    /// <param name="data">Rows of the schema that <paramref name="columns"/> was made from.</param>
    /// <param name="random">Shuffles the rows, if the data view supports it; null to keep their order.</param>
    public RowReader(TrainingColumns columns, IDataView data, Action checkCanceled, Random? random = null)
    {
        _columns = columns;
        _checkCanceled = checkCanceled;
        _cursor = data.GetRowCursor(columns.All, data.CanShuffle ? random : null);
        _label = LabelReader.Create(columns, _cursor);
        _targets = new float[columns.TargetCount];
        Targets = columns.Task == LearningTask.Regression ? new TargetStatistics(columns.TargetCount) : null;
        _getFeatures = _cursor.GetGetter<VBuffer<float>>(columns.Features);
        _getWeight = columns.Weight is { } weightColumn ? _cursor.GetGetter<float>(weightColumn) : null;
        ClassCounts = new long[columns.ClassCount];
        ClassWeightSums = new double[columns.ClassCount];
    }

    /// <summary>Gets the numbers of rows that were skipped so far.</summary>
    public SkippedRows Skipped { get; } = new();

    /// <summary>Gets the number of valid rows of each class so far.</summary>
    public long[] ClassCounts { get; }

    /// <summary>Gets the sum of the weights of each class's valid rows so far.</summary>
    public double[] ClassWeightSums { get; }

    /// <summary>Gets the statistics of the valid rows' features so far; null where they aren't computed.</summary>
    public FeatureStatistics? Statistics { get; init; }

    /// <summary>
    /// Gets the position and Σ|x| of the valid row with the largest Σ|x| so far; the sum is infinite where it overflows.
    /// </summary>
    public (long Position, float Magnitude) LargestRow { get; private set; }

    /// <summary>Gets the statistics of the valid rows' targets so far, where they are numbers.</summary>
    public TargetStatistics? Targets { get; }

    /// <summary>Gets the sum of the weights so far.</summary>
    public double WeightSum { get; private set; }

    /// <summary>Gets the hashes of the valid rows; null for none.</summary>
    public RowHashes.Builder? Hashes { get; init; }

    /// <summary>Gets whether there is a weight column.</summary>
    public bool IsWeighted => _getWeight is not null;

    /// <summary>Adds up to <paramref name="rowCount"/> valid rows to a builder; without a builder, it only counts them.</summary>
    /// <returns>The number of rows; less than <paramref name="rowCount"/> only at the end of the data.</returns>
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
        switch (_label.Read(out int label, _targets))
        {
            case LabelState.Missing:
                Skipped.MissingLabel++;
                return false;
            case LabelState.NotFinite:
                Skipped.LabelNotFinite++;
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

        // If a value is NaN or infinite, so is the sum of magnitudes. As the sum of finite values may overflow, the values themselves are
        // then checked.
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
        Targets?.Add(_targets, weight);
        Hashes?.Add(label, _targets, weight, _features);
        ClassCounts[label]++;
        ClassWeightSums[label] += weight;
        if (_features.IsDense)
        {
            Statistics?.AddDense(values, weight);
            builder?.AddDense(values, label, weight, _targets);
        }
        else
        {
            ReadOnlySpan<int> indices = _features.GetIndices();
            Statistics?.AddSparse(indices, values, weight);
            builder?.AddSparse(indices, values, label, weight, _targets);
        }

        return true;
    }
}

/// <summary>The numbers of skipped rows, by the first reason found.</summary>
internal sealed class SkippedRows
{
    /// <summary>The usual reason why labels or features of many rows are missing.</summary>
    public const string LoaderQuestion = "Are the loader's separator, header setting and columns right?";

    public long MissingLabel { get; set; }

    public long LabelNotFinite { get; set; }

    public long FeatureNotFinite { get; set; }

    public long WeightOutOfRange { get; set; }

    public long Total => MissingLabel + LabelNotFinite + FeatureNotFinite + WeightOutOfRange;

    public void Add(SkippedRows other)
    {
        MissingLabel += other.MissingLabel;
        LabelNotFinite += other.LabelNotFinite;
        FeatureNotFinite += other.FeatureNotFinite;
        WeightOutOfRange += other.WeightOutOfRange;
    }

    /// <summary>Makes the error for data of which no row is left.</summary>
    /// <param name="purpose">What the rows are for: training or validation.</param>
    public InvalidOperationException NoneLeft(string purpose) => new(Total == 0
        ? $"No valid {purpose} instances found: the data has no rows. Are the path, the loader's header setting and the filters right?"
        : $"No valid {purpose} instances found: all {Total} rows were skipped: {this}. {LoaderQuestion}");

    /// <summary>Lists the numbers of skipped rows with the reasons.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        AddPart(MissingLabel, "missing label");
        AddPart(LabelNotFinite, "a label that is infinite or beyond ±1e36");
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
