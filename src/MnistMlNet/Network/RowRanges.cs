using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>The entries of a range of inputs in each row of a sparse batch.</summary>
internal sealed class RowRanges
{
    private SparseRow[] _rows = [];

    /// <summary>Cuts rows down to inputs <paramref name="firstInput"/> … <paramref name="endInput"/> - 1.</summary>
    /// <param name="rows">Entries of one half of the inputs.</param>
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
