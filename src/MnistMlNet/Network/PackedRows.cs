using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MnistMlNet.Network;

/// <summary>The rows of a data set, packed: 6 or 8 bytes a non-zero value, or 4 bytes a dense value.</summary>
/// <remarks>Rows stand in blocks of equal row counts, so that no array has to hold, or be copied to hold, the whole set.</remarks>
internal sealed class PackedRows : IRowSource
{
    /// <summary>Rows ahead that are asked for while one is copied: they lie in random order, where the hardware can't foresee them.</summary>
    private const int PrefetchDistance = 4;

    private readonly RowBlock[] _blocks;
    private readonly int _blockShift;

    internal PackedRows(int inputCount, bool isSparse, int rowCount, int blockShift, RowBlock[] blocks, int[] labels, float[]? weights, long[] nonZerosPerInput)
    {
        InputCount = inputCount;
        IsSparse = isSparse;
        RowCount = rowCount;
        _blockShift = blockShift;
        _blocks = blocks;
        Labels = labels;
        Weights = weights;
        NonZerosPerInput = nonZerosPerInput;
    }

    public int InputCount { get; }

    public bool IsSparse { get; }

    public int RowCount { get; }

    long IRowSource.RowCount => RowCount;

    PackedRows IRowSource.Sample => this;

    /// <summary>Gets the 0-based class of each row.</summary>
    public int[] Labels { get; }

    /// <summary>Gets the weight of each row, divided by their mean; null where all are 1.</summary>
    public float[]? Weights { get; }

    /// <summary>Gets how many rows have a non-zero value at each input; counted for sparse rows only.</summary>
    public long[] NonZerosPerInput { get; }

    /// <summary>Sets the row count and, for sparse rows, the starts of a batch: the part of gathering that must come first.</summary>
    /// <param name="rows">The rows to gather, in their order in the batch.</param>
    public void BeginGather(ReadOnlySpan<int> rows, Batch batch)
    {
        batch.RowCount = rows.Length;
        if (!IsSparse)
        {
            return;
        }

        int[] starts = batch.Starts;
        int total = 0;
        for (int r = 0; r < rows.Length; r++)
        {
            starts[r] = total;
            RowBlock block = Find(rows[r], out int local);
            total = checked(total + block.Starts[local + 1] - block.Starts[local]);
        }

        starts[rows.Length] = total;
        batch.EnsureEntries(total);
    }

    /// <summary>Copies rows <paramref name="first"/> … <paramref name="end"/> - 1 of a batch; ranges may be gathered in parallel.</summary>
    public void Gather(ReadOnlySpan<int> rows, Batch batch, int first, int end)
    {
        for (int r = first; r < end; r++)
        {
            int row = rows[r];
            if (r + PrefetchDistance < end)
            {
                Prefetch(rows[r + PrefetchDistance]);
            }

            batch.Labels[r] = Labels[row];
            batch.Weights[r] = Weights is null ? 1 : Weights[row];
            RowBlock block = Find(row, out int local);
            if (IsSparse)
            {
                int start = block.Starts[local], count = block.Starts[local + 1] - start;
                block.Values.AsSpan(start, count).CopyTo(batch.Values.AsSpan(batch.Starts[r]));
                block.CopyIndices(start, batch.Indices.AsSpan(batch.Starts[r], count));
            }
            else
            {
                block.Values.AsSpan(local * InputCount, InputCount).CopyTo(batch.Dense.Slice(r * batch.DenseStride, InputCount));
            }
        }
    }

    /// <summary>One row with all its zeros.</summary>
    /// <param name="room"><c>[I]</c>; overwritten where the row is sparse.</param>
    public ReadOnlySpan<float> Expand(int row, Span<float> room)
    {
        RowBlock block = Find(row, out int local);
        if (!IsSparse)
        {
            return block.Values.AsSpan(local * InputCount, InputCount);
        }

        room.Clear();
        block.Scatter(block.Starts[local], block.Starts[local + 1] - block.Starts[local], room);
        return room;
    }

    /// <summary>The mean over the rows of the sum of their values' magnitudes.</summary>
    public double MeanMagnitude() => _blocks.Sum(block => (double)TensorPrimitives.SumOfMagnitudes<float>(block.Values)) / RowCount;

    /// <summary>Multiplies every value of input i by <c>factors[i]</c>.</summary>
    public void Multiply(ReadOnlySpan<float> factors)
    {
        int[] indices = [];
        foreach (RowBlock block in _blocks)
        {
            if (!IsSparse)
            {
                for (int start = 0; start < block.Values.Length; start += InputCount)
                {
                    Span<float> row = block.Values.AsSpan(start, InputCount);
                    TensorPrimitives.Multiply(row, factors, row);
                }

                continue;
            }

            if (indices.Length < block.Values.Length)
            {
                indices = new int[block.Values.Length];
            }

            block.CopyIndices(0, indices.AsSpan(0, block.Values.Length));
            for (int n = 0; n < block.Values.Length; n++)
            {
                block.Values[n] *= factors[indices[n]];
            }
        }
    }

    /// <summary>Feeds everything that training depends on to a hash: labels, weights, and the rows' values and places.</summary>
    public void AppendTo(IncrementalHash hash)
    {
        hash.AppendData(MemoryMarshal.AsBytes<int>(Labels));
        hash.AppendData(MemoryMarshal.AsBytes<float>(Weights));
        foreach (RowBlock block in _blocks)
        {
            block.AppendTo(hash);
        }
    }

    IEnumerable<PackedRows> IRowSource.Windows(int epoch) => [this];

    private void Prefetch(int row)
    {
        RowBlock block = Find(row, out int local);
        if (IsSparse)
        {
            block.Prefetch(block.Starts[local], block.Starts[local + 1] - block.Starts[local]);
        }
        else
        {
            block.Prefetch(local * InputCount, InputCount);
        }
    }

    private RowBlock Find(int row, out int local)
    {
        local = row & ((1 << _blockShift) - 1);
        return _blocks[row >> _blockShift];
    }
}
