using System.Numerics;
using System.Runtime.CompilerServices;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>Packs rows one by one, as sparse or dense rows depending on their density.</summary>
/// <remarks>
/// If the first block, at most 1,024 rows, is dense, all following rows are packed dense. If it is sparse but the whole set is dense, the
/// set is converted at the end. Both forms give the same results; the choice affects speed and memory only.
/// </remarks>
internal sealed class PackedRowsBuilder
{
    /// <summary>The fraction of non-zero values above which rows are stored dense; docs/performance-notes.md has the measurement.</summary>
    public const double DensityThreshold = 0.4;

    /// <summary>The maximum number of values of a block; also the size of the scratch space.</summary>
    private const int MaxBlockValues = 1 << 21;

    /// <summary>
    /// The base-2 logarithm of the maximum number of rows of a block, 1,024: the buffer in which a block grows is several times its size.
    /// </summary>
    private const int MaxBlockShift = 10;

    private readonly int _inputCount;
    private readonly IKernels _kernels;
    private readonly int _blockShift;
    private readonly List<RowBlock> _blocks = [];
    private readonly List<int> _labels = [];
    private readonly List<float> _targets = [];
    private readonly int _targetCount;
    private readonly List<float> _weights = [];
    private readonly long[] _nonZerosPerInput;
    private readonly int[] _starts;
    private int[] _indices;
    private float[] _values;
    private readonly bool? _isSparse;
    private AlignedArray? _dense;
    private int _blockRows;
    private int _entries;

    /// <param name="isSparse">Whether to keep rows sparse; null to decide by their density.</param>
    /// <param name="targetCount">The targets of a row; 0 where its label is a class.</param>
    public PackedRowsBuilder(int inputCount, IKernels kernels, bool? isSparse = null, int targetCount = 0)
    {
        _targetCount = targetCount;
        _isSparse = isSparse;
        _inputCount = inputCount;
        _kernels = kernels;
        _blockShift = Math.Clamp(BitOperations.Log2((uint)Math.Max(1, MaxBlockValues / inputCount)), 0, MaxBlockShift);
        _starts = new int[(1 << _blockShift) + 1];
        _nonZerosPerInput = new long[inputCount];
        int capacity = Math.Max(inputCount, 1 << 16);
        _indices = new int[capacity];
        _values = new float[capacity];
        if (isSparse == false)
        {
            BeginDense();
        }
    }

    public int RowCount => _labels.Count;

    /// <summary>Adds a dense row, <c>[I]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddDense(ReadOnlySpan<float> values, int label, float weight, ReadOnlySpan<float> targets = default)
    {
        if (_dense is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, _inputCount);     // or else a part of the row isn't written
            values.CopyTo(_dense.Slice(_blockRows * _inputCount, _inputCount));
            EndRow(label, weight, targets);
            return;
        }

        Span<int> places = PlacesOfNonZeros(values);
        Span<float> kept = _values.AsSpan(_entries, places.Length);
        for (int n = 0; n < kept.Length; n++)
        {
            kept[n] = values[places[n]];
        }

        EndRow(places.Length, label, weight, targets);
    }

    /// <summary>Adds a sparse row.</summary>
    /// <param name="indices">Strictly ascending: the kernels rely on it without a check.</param>
    /// <param name="values">They may contain explicit zeros, which aren't stored.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddSparse(
        ReadOnlySpan<int> indices, ReadOnlySpan<float> values, int label, float weight, ReadOnlySpan<float> targets = default)
    {
        if (_dense is not null)
        {
            Span<float> row = _dense.Slice(_blockRows * _inputCount, _inputCount);
            row.Clear();
            for (int n = 0; n < values.Length; n++)
            {
                row[indices[n]] = values[n];
            }

            EndRow(label, weight, targets);
            return;
        }

        Span<int> places = PlacesOfNonZeros(values);
        Span<float> kept = _values.AsSpan(_entries, places.Length);
        for (int n = 0; n < kept.Length; n++)
        {
            int place = places[n];
            kept[n] = values[place];
            places[n] = indices[place];
        }

        EndRow(places.Length, label, weight, targets);
    }

    /// <summary>Creates the packed rows.</summary>
    /// <param name="meanWeight">The divisor of the rows' weights; null where there are no weights.</param>
    public PackedRows Build(double? meanWeight)
    {
        if (_blockRows > 0)
        {
            EndBlock();
        }

        bool isSparse = _dense is null && (_isSparse ?? !IsDenseSoFar());
        if (!isSparse && _dense is null)
        {
            ToDense();
        }

        var labels = new RowLabels(
            [.. _labels], [.. _targets], _targetCount, meanWeight is { } mean ? NormalizedWeights(mean) : null);
        return new PackedRows(_inputCount, isSparse, RowCount, _blockShift, [.. _blocks], labels, _nonZerosPerInput);
    }

    private float[] NormalizedWeights(double mean)
    {
        float[] normalized = new float[_weights.Count];
        for (int i = 0; i < normalized.Length; i++)
        {
            normalized[i] = (float)(_weights[i] / mean);
        }

        return normalized;
    }

    private bool IsDenseSoFar()
    {
        long nonZeros = 0;
        foreach (long count in _nonZerosPerInput)
        {
            nonZeros += count;
        }

        return nonZeros > DensityThreshold * RowCount * _inputCount;
    }

    private void ToDense()
    {
        for (int b = 0; b < _blocks.Count; b++)
        {
            _blocks[b] = ToDense(_blocks[b]);        // each sparse block can be collected after its conversion
        }
    }

    private RowBlock ToDense(RowBlock sparse)
    {
        int rows = sparse.RowCount;
        var dense = new AlignedArray(rows * _inputCount);
        Span<float> all = dense.Span;
        for (int r = 0; r < rows; r++)
        {
            SparseRow row = sparse.Row(r);
            ReadOnlySpan<float> values = row.Values;
            for (int n = 0; n < values.Length; n++)
            {
                all[r * _inputCount + row.Index(n)] = values[n];
            }
        }

        return new RowBlock(dense);
    }

    /// <summary>
    /// Writes the positions of the non-zero <paramref name="values"/> to the part of the buffer for the row's indices, and ensures that the
    /// buffer for values has the same length.
    /// </summary>
    private Span<int> PlacesOfNonZeros(ReadOnlySpan<float> values)
    {
        EnsureRoom(values.Length);
        return _indices.AsSpan(_entries, _kernels.ListNonZeros(values, _indices.AsSpan(_entries)));
    }

    private void EnsureRoom(int count)
    {
        if (_entries + count > _indices.Length)
        {
            int length = Math.Max(_entries + count, 2 * _indices.Length);
            Array.Resize(ref _indices, length);
            Array.Resize(ref _values, length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EndRow(int count, int label, float weight, ReadOnlySpan<float> targets)
    {
        foreach (int index in _indices.AsSpan(_entries, count))
        {
            _nonZerosPerInput[index]++;
        }

        _entries += count;
        _starts[_blockRows + 1] = _entries;
        EndRow(label, weight, targets);
    }

    private void EndRow(int label, float weight, ReadOnlySpan<float> targets)
    {
        _labels.Add(label);
        _targets.AddRange(targets);
        _weights.Add(weight);
        if (++_blockRows == 1 << _blockShift)
        {
            EndBlock();
        }
    }

    private void EndBlock()
    {
        if (_dense is not null)
        {
            AlignedArray values = _dense;
            if (_blockRows < 1 << _blockShift)
            {
                values = new AlignedArray(_blockRows * _inputCount, isZeroed: false);
                _dense.Slice(0, values.Length).CopyTo(values.Span);
            }

            _blocks.Add(new RowBlock(values));
            BeginDense();
            _blockRows = 0;
            return;
        }

        _blocks.Add(
            new RowBlock(_starts.AsSpan(0, _blockRows + 1), _indices.AsSpan(0, _entries), _values.AsSpan(0, _entries), _inputCount));
        _blockRows = 0;
        _entries = 0;
        if (_blocks.Count == 1 && _isSparse is null && IsDenseSoFar())
        {
            ToDense();
            BeginDense();
        }
    }

    // Uninitialized memory is safe: rows are written completely, one after the other, and a block ends with its last row.
    private void BeginDense() => _dense = new AlignedArray(_inputCount << _blockShift, isZeroed: false);
}
