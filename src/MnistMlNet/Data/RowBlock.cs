using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MnistMlNet.Kernels;

namespace MnistMlNet.Data;

/// <summary>A few hundred packed rows.</summary>
internal sealed class RowBlock
{
    private readonly SparseEntries? _entries;

    /// <summary>Where the entries of each half of each row start, and behind them the end of the last one: row r has those from 2 r to 2 r + 2.</summary>
    private readonly int[] _starts;

    /// <summary>Takes dense rows, row-major.</summary>
    public RowBlock(float[] values)
    {
        Values = values;
        _starts = [];
    }

    /// <summary>Copies sparse rows.</summary>
    /// <param name="starts"><c>[rows + 1]</c>: where the entries of each row start.</param>
    /// <param name="indices">The inputs of the entries, ascending within a row.</param>
    /// <param name="values">The values of the entries.</param>
    public RowBlock(ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, int inputCount)
    {
        _entries = new SparseEntries(indices, values, inputCount);
        Values = _entries.Values;
        _starts = new int[InputHalves.Count * (starts.Length - 1) + 1];
        var halves = new InputHalves(inputCount);
        for (int r = 0; r < RowCount; r++)
        {
            var row = new SparseRow(_entries, starts[r], starts[r + 1]);
            _starts[2 * r] = row.Start;
            _starts[2 * r + 1] = row.Between(0, halves.Middle).End;
        }

        _starts[^1] = starts[^1];
    }

    /// <summary>Gets how many rows there are, where they are sparse.</summary>
    public int RowCount => _starts.Length / InputHalves.Count;

    public float[] Values { get; }

    /// <summary>The entries of a sparse row.</summary>
    public SparseRow Row(int row) => new(_entries!, _starts[2 * row], _starts[2 * row + 2]);

    /// <summary>The entries of one of the <see cref="InputHalves"/> of a sparse row.</summary>
    public SparseRow Row(int row, int half) => new(_entries!, _starts[2 * row + half], _starts[2 * row + half + 1]);

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
