using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>The transpose of a sparse batch for a range of inputs: its entries grouped by input, and by row within an input.</summary>
/// <remarks>The rows of an input keep their order, so sums are the same for any split into ranges.</remarks>
internal sealed class BatchTranspose
{
    private readonly int[] _counts = new int[WorkerScratch.InputsAtOnce];
    private TransposedEntry[] _entries = [];
    private int _count;

    /// <summary>Gets the number of entries of each input.</summary>
    public ReadOnlySpan<int> Counts => _counts.AsSpan(0, _count);

    /// <summary>Gets the entries; those of the i-th input start at <c>i · Stride</c>.</summary>
    public ReadOnlySpan<TransposedEntry> Entries => _entries;

    /// <summary>
    /// Gets the distance between the first entries of two successive inputs; each row of the batch may have one entry of an input. The
    /// distance is an odd number of cache lines, because with an even one all groups would start in the same few sets of the cache.
    /// </summary>
    public int Stride { get; private set; }

    /// <summary>
    /// Groups the entries of inputs <paramref name="firstInput"/> … <paramref name="firstInput"/> + <paramref name="count"/> - 1.
    /// </summary>
    /// <param name="rows">The entries of these inputs, row by row, and no others.</param>
    /// <param name="count">At most <see cref="WorkerScratch.InputsAtOnce"/>.</param>
    public void Build(ReadOnlySpan<SparseRow> rows, int firstInput, int count)
    {
        const int LineEntries = 8;
        _count = count;
        Stride = ((rows.Length + LineEntries - 1) / LineEntries | 1) * LineEntries;
        if (_entries.Length < count * Stride)
        {
            // Not initialized: only the entries that Sort has written and counted are read.
            _entries = GC.AllocateUninitializedArray<TransposedEntry>(WorkerScratch.InputsAtOnce * Stride);
        }

        Array.Clear(_counts, 0, count);
        if (rows.IsEmpty || rows[0].Entries.HasShortIndices)
        {
            Sort<ushort>(rows, firstInput);
        }
        else
        {
            Sort<int>(rows, firstInput);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sort<TIndex>(ReadOnlySpan<SparseRow> rows, int firstInput)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        // No bounds checks: the caller passes only entries whose inputs are within the range, and each group has space for one of each row.
        ref int counts = ref MemoryMarshal.GetArrayDataReference(_counts);
        ref TransposedEntry entries = ref MemoryMarshal.GetArrayDataReference(_entries);
        nint stride = Stride;
        for (int r = 0; r < rows.Length; r++)
        {
            ref TIndex index = ref rows[r].FirstIndex<TIndex>();
            ref float value = ref rows[r].FirstValue;
            int count = rows[r].Count;
            for (nint n = 0; n < count; n++)
            {
                nint i = nint.CreateTruncating(Unsafe.Add(ref index, n)) - firstInput;
                Unsafe.Add(ref entries, i * stride + Unsafe.Add(ref counts, i)++) = new TransposedEntry(Unsafe.Add(ref value, n), r);
            }
        }
    }
}

/// <summary>The entries of a range of inputs in each row of a sparse batch.</summary>
internal sealed class InputRangeRows
{
    private SparseRow[] _rows = [];

    /// <summary>Selects the entries of inputs <paramref name="firstInput"/> … <paramref name="endInput"/> - 1.</summary>
    /// <param name="rows">Entries of one input block.</param>
    public ReadOnlySpan<SparseRow> Find(ReadOnlySpan<SparseRow> rows, int firstInput, int endInput)
    {
        if (_rows.Length < rows.Length)
        {
            _rows = new SparseRow[rows.Length];
        }

        for (int r = 0; r < rows.Length; r++)
        {
            _rows[r] = rows[r].Between(firstInput, endInput);
        }

        return _rows.AsSpan(0, rows.Length);
    }
}
