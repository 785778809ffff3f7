using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>A block of packed rows, at most 1,024.</summary>
internal sealed class RowBlock
{
    private readonly CsrStorage? _entries;
    private readonly AlignedArray? _dense;

    /// <summary>
    /// The start of the entries of each input block of each row, followed by the end of the last one. The entries of row r begin at item
    /// 2 r, those of its second block at item 2 r + 1, and they end at item 2 r + 2.
    /// </summary>
    private readonly int[] _starts;

    /// <summary>Creates a block of dense rows, row-major, without a copy.</summary>
    /// <param name="values">Never moved, since batches keep the addresses of rows.</param>
    public RowBlock(AlignedArray values)
    {
        _dense = values;
        _starts = [];
    }

    /// <summary>Creates a block of sparse rows, which are copied.</summary>
    /// <param name="starts"><c>[rows + 1]</c>: the start of the entries of each row, and the end of the last row.</param>
    /// <param name="indices">The inputs of the entries, ascending within a row.</param>
    /// <param name="values">The values of the entries.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public RowBlock(ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, int inputCount)
    {
        _entries = new CsrStorage(indices, values, inputCount);
        _starts = new int[InputBlocks.Count * (starts.Length - 1) + 1];
        var blocks = new InputBlocks(inputCount);
        for (int r = 0; r < RowCount; r++)
        {
            var row = new SparseRow(_entries, starts[r], starts[r + 1]);
            _starts[2 * r] = row.Start;
            _starts[2 * r + 1] = row.Between(0, blocks.Middle).End;
        }

        _starts[^1] = starts[^1];
    }

    /// <summary>Gets the number of rows; valid for sparse rows only.</summary>
    public int RowCount => _starts.Length / InputBlocks.Count;

    public Span<float> Values => _dense is null ? _entries!.Values : _dense.Span;

    /// <summary>
    /// Creates a copy in which every sparse row has entries for all <paramref name="inputs"/>; the new entries have the value 0.
    /// </summary>
    /// <param name="inputs">The inputs, in ascending order.</param>
    public RowBlock WithEntries(ReadOnlySpan<int> inputs, int inputCount)
    {
        int[] starts = new int[RowCount + 1];
        var indices = new List<int>(Values.Length + RowCount * inputs.Length);
        var values = new List<float>(Values.Length + RowCount * inputs.Length);
        for (int r = 0; r < RowCount; r++)
        {
            SparseRow row = Row(r);
            int next = 0;
            for (int n = 0; n < row.Count; n++)
            {
                for (; next < inputs.Length && inputs[next] < row.Index(n); next++)
                {
                    Add(inputs[next], 0);
                }

                next += next < inputs.Length && inputs[next] == row.Index(n) ? 1 : 0;
                Add(row.Index(n), row.Values[n]);
            }

            for (; next < inputs.Length; next++)
            {
                Add(inputs[next], 0);
            }

            starts[r + 1] = indices.Count;
        }

        return new RowBlock(starts, CollectionsMarshal.AsSpan(indices), CollectionsMarshal.AsSpan(values), inputCount);

        void Add(int index, float value)
        {
            indices.Add(index);
            values.Add(value);
        }
    }

    /// <summary>Gets the entries of a sparse row.</summary>
    public SparseRow Row(int row) => new(_entries!, _starts[2 * row], _starts[2 * row + 2]);

    /// <summary>Gets the entries of one input block of a sparse row.</summary>
    public SparseRow Row(int row, int inputBlock) => new(_entries!, _starts[2 * row + inputBlock], _starts[2 * row + inputBlock + 1]);

    public void AppendTo(IncrementalHash hash)
    {
        hash.AppendData(MemoryMarshal.AsBytes<int>(_starts));
        hash.AppendData(MemoryMarshal.AsBytes<float>(Values));
        if (_entries is not null)
        {
            hash.AppendData(MemoryMarshal.AsBytes<ushort>(_entries.ShortIndices));
            hash.AppendData(MemoryMarshal.AsBytes<int>(_entries.Indices));
        }
    }
}
