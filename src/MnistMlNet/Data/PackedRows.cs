using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>
/// The packed rows of a data set: 6 or 8 bytes for each non-zero value of sparse rows, 4 bytes for each value of dense rows.
/// </summary>
/// <remarks>Rows are stored in blocks of equal row counts, so that no array has to hold the whole set or be copied to grow.</remarks>
internal sealed class PackedRows : IRowSource
{
    /// <summary>
    /// The number of dense rows ahead of the copied one that are prefetched: their order is random, so the hardware can't predict it.
    /// </summary>
    private const int PrefetchDistance = 4;

    private readonly RowBlock[] _blocks;
    private readonly int _blockShift;

    internal PackedRows(
        int inputCount, bool isSparse, int rowCount, int blockShift, RowBlock[] blocks, RowLabels labels, long[] nonZerosPerInput)
    {
        InputCount = inputCount;
        IsSparse = isSparse;
        RowCount = rowCount;
        _blockShift = blockShift;
        _blocks = blocks;
        Labels = labels.Classes;
        Targets = labels.Targets;
        TargetCount = labels.TargetCount;
        Weights = labels.Weights;
        NonZerosPerInput = nonZerosPerInput;
    }

    public int InputCount { get; }

    public bool IsSparse { get; }

    public int RowCount { get; }

    long IRowSource.RowCount => RowCount;

    PackedRows IRowSource.Sample => this;

    /// <summary>Gets the 0-based class of each row; 0 where labels are numbers.</summary>
    public int[] Labels { get; }

    /// <summary>Gets the targets, <see cref="TargetCount"/> a row, where labels are numbers or answers; NaN for an unknown one.</summary>
    public float[] Targets { get; }

    /// <summary>Gets the number of targets of a row; 0 where labels are classes only.</summary>
    public int TargetCount { get; }

    /// <summary>Gets the weight of each row, divided by the mean weight; null where all are 1.</summary>
    public float[]? Weights { get; }

    /// <summary>Gets the number of rows with a non-zero value at each input; counted for sparse rows only.</summary>
    public long[] NonZerosPerInput { get; }

    /// <summary>Puts rows <paramref name="first"/> … <paramref name="end"/> - 1 into a batch, as references or as copies.</summary>
    /// <remarks>To copy, a row in one piece comes from memory faster than in two blocks at different times.</remarks>
    /// <inheritdoc cref="Gather(ReadOnlySpan{int}, ReadOnlySpan{int}, Batch, int, int, int)" path="/param"/>
    public void Gather(ReadOnlySpan<int> rows, ReadOnlySpan<int> upcoming, Batch batch, int first, int end)
    {
        if (!IsSparse && batch.CopiesRows)
        {
            CopyDense(rows, batch, 0, InputCount, first, end);
            return;
        }

        for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
        {
            Gather(rows, upcoming, batch, inputBlock, first, end);
        }
    }

    /// <summary>
    /// Puts one input block of rows <paramref name="first"/> … <paramref name="end"/> - 1 into a batch, as references, or as copies of
    /// dense rows if <see cref="Batch.CopiesRows"/>. Different blocks and ranges may be gathered in parallel.
    /// </summary>
    /// <param name="rows">The rows to gather, in their order in the batch.</param>
    /// <param name="upcoming">Rows of the next batch, which are prefetched first if they are sparse.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(ReadOnlySpan<int> rows, ReadOnlySpan<int> upcoming, Batch batch, int inputBlock, int first, int end)
    {
        if (!IsSparse && batch.CopiesRows)
        {
            CopyDense(rows, batch, batch.InputBlocks.First(inputBlock), batch.InputBlocks.End(inputBlock), first, end);
            return;
        }

        if (!IsSparse)
        {
            for (int r = first; r < end; r++)
            {
                batch.SetDenseRow(inputBlock, r, DenseRow(rows[r]));
            }

            return;
        }

        // All of this range's part is prefetched before the first row is computed, so that the memory accesses overlap with the work.
        int firstUpcoming = (int)((long)first * upcoming.Length / rows.Length),
            endUpcoming = (int)((long)end * upcoming.Length / rows.Length);
        for (int r = firstUpcoming; r < endUpcoming; r++)
        {
            Find(upcoming[r], out int next).Row(next, inputBlock).Prefetch();
        }

        Span<SparseRow> entries = batch.SparseRows(inputBlock);
        for (int r = first; r < end; r++)
        {
            entries[r] = Find(rows[r], out int local).Row(local, inputBlock);
        }
    }

    /// <summary>Gets the entries of a sparse row.</summary>
    public SparseRow SparseRow(int row) => Find(row, out int local).Row(local);

    /// <summary>Puts labels and weights of rows <paramref name="first"/> … <paramref name="end"/> - 1 into a batch.</summary>
    /// <inheritdoc cref="Gather(ReadOnlySpan{int}, ReadOnlySpan{int}, Batch, int, int)" path="/param[@name='rows']"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void GatherLabels(ReadOnlySpan<int> rows, Batch batch, int first, int end)
    {
        for (int r = first; r < end; r++)
        {
            batch.Labels[r] = Labels[rows[r]];
            batch.Weights[r] = Weights is null ? 1 : Weights[rows[r]];
        }

        MatrixSpan targets = TargetCount == 0 ? default : batch.TargetRows(first, end);
        for (int r = first; r < end && TargetCount > 0; r++)
        {
            TargetsOf(rows[r]).CopyTo(targets.Row(r - first));
        }
    }

    /// <summary>Gets the targets of a row.</summary>
    public Span<float> TargetsOf(int row) => Targets.AsSpan(row * TargetCount, TargetCount);

    /// <summary>Gets one row as a dense vector.</summary>
    /// <param name="buffer"><c>[I]</c>; overwritten where the row is sparse.</param>
    public ReadOnlySpan<float> Expand(int row, Span<float> buffer)
    {
        if (!IsSparse)
        {
            return DenseRow(row);
        }

        buffer.Clear();
        SparseRow entries = SparseRow(row);
        ReadOnlySpan<float> values = entries.Values;
        for (int n = 0; n < values.Length; n++)
        {
            buffer[entries.Index(n)] = values[n];
        }

        return buffer;
    }

    /// <summary>Gets the entries of one sparse row.</summary>
    /// <param name="buffer">Overwritten with the inputs of the entries: <c>[I]</c>.</param>
    /// <param name="values">The values of the entries, in the same order.</param>
    /// <returns>The inputs of the entries, in ascending order: the first part of <paramref name="buffer"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<int> Entries(int row, Span<int> buffer, out ReadOnlySpan<float> values)
    {
        SparseRow entries = SparseRow(row);
        values = entries.Values;
        for (int n = 0; n < values.Length; n++)
        {
            buffer[n] = entries.Index(n);
        }

        return buffer[..values.Length];
    }

    /// <summary>Computes the mean over the rows of Σ|x|.</summary>
    public double MeanMagnitude() => _blocks.Sum(block => (double)TensorPrimitives.SumOfMagnitudes<float>(block.Values)) / RowCount;

    /// <summary>Centres and scales every value. A centred feature gets an entry in every sparse row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scale(FeatureScaling scaling)
    {
        int[] centered = [.. Enumerable.Range(0, InputCount).Where(i => scaling.Centers[i] != 0)];
        for (int b = 0; b < _blocks.Length; b++)
        {
            if (!IsSparse)
            {
                for (int start = 0; start < _blocks[b].Values.Length; start += InputCount)
                {
                    Span<float> row = _blocks[b].Values.Slice(start, InputCount);
                    TensorPrimitives.Subtract(row, scaling.Centers, row);
                    TensorPrimitives.Multiply(row, scaling.Factors, row);
                }

                continue;
            }

            if (centered.Length > 0)
            {
                _blocks[b] = _blocks[b].WithEntries(centered, InputCount);
            }

            for (int r = 0; r < _blocks[b].RowCount; r++)
            {
                SparseRow row = _blocks[b].Row(r);
                Span<float> values = row.Values;
                for (int n = 0; n < values.Length; n++)
                {
                    int i = row.Index(n);
                    values[n] = (values[n] - scaling.Centers[i]) * scaling.Factors[i];
                }
            }
        }

        foreach (int i in IsSparse ? centered : [])
        {
            NonZerosPerInput[i] = RowCount;
        }
    }

    /// <summary>Appends the rows' values and indices to a hash.</summary>
    public void AppendFeaturesTo(IncrementalHash hash)
    {
        foreach (RowBlock block in _blocks)
        {
            block.AppendTo(hash);
        }
    }

    void IRowSource.Scale(TargetScaling scaling) => scaling.Apply(this);

    public void ScaleWeights(double factor)
    {
        for (int r = 0; r < Weights?.Length && factor != 1; r++)
        {
            Weights[r] = (float)(Weights[r] * factor);
        }
    }

    void IRowSource.UseBatchesOf(int rowCount)
    {
        // All rows are one window.
    }

    IEnumerable<PackedRows> IRowSource.Windows(int epoch) => [this];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyDense(ReadOnlySpan<int> rows, Batch batch, int firstInput, int endInput, int first, int end)
    {
        int count = endInput - firstInput;
        for (int r = first; r < end; r++)
        {
            if (r + PrefetchDistance < end)
            {
                CacheLine.Prefetch(DenseRow(rows[r + PrefetchDistance]).Slice(firstInput, count));
            }

            DenseRow(rows[r]).Slice(firstInput, count).CopyTo(batch.CopiedRow(r).Slice(firstInput, count));
        }
    }

    private ReadOnlySpan<float> DenseRow(int row) => Find(row, out int local).Values.Slice(local * InputCount, InputCount);

    private RowBlock Find(int row, out int local)
    {
        local = row & ((1 << _blockShift) - 1);
        return _blocks[row >> _blockShift];
    }
}

/// <summary>What rows are labelled and weighted with.</summary>
/// <param name="Classes">The 0-based class of each row; 0 where labels are numbers.</param>
/// <param name="Targets">The targets, row by row; empty where labels are classes only.</param>
/// <param name="TargetCount">The targets of a row.</param>
/// <param name="Weights">The weight of each row, divided by the mean weight; null where all are 1.</param>
internal readonly record struct RowLabels(int[] Classes, float[] Targets, int TargetCount, float[]? Weights);
