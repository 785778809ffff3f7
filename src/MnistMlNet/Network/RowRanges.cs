namespace MnistMlNet.Network;

/// <summary>Where the entries of a range of inputs stand in each row of a sparse batch.</summary>
internal sealed class RowRanges
{
    private int[] _starts = [];
    private int[] _ends = [];
    private int[] _positions = [];
    private int _rowCount;

    /// <summary>Gets the first entry of each row.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, _rowCount);

    /// <summary>Gets the end of the entries of each row.</summary>
    public ReadOnlySpan<int> Ends => _ends.AsSpan(0, _rowCount);

    /// <summary>Gets a place in each row that moves from start to end.</summary>
    public Span<int> Positions => _positions.AsSpan(0, _rowCount);

    /// <summary>Finds the entries of inputs <paramref name="firstInput"/> … <paramref name="endInput"/> - 1, by bisection, since indices ascend.</summary>
    /// <returns>How many there are.</returns>
    public int Find(Batch batch, int firstInput, int endInput)
    {
        if (_starts.Length < batch.RowCount)
        {
            _starts = new int[batch.Capacity];
            _ends = new int[batch.Capacity];
            _positions = new int[batch.Capacity];
        }

        _rowCount = batch.RowCount;
        int total = 0;
        for (int r = 0; r < _rowCount; r++)
        {
            int start = batch.Starts[r], end = batch.Starts[r + 1];
            ReadOnlySpan<int> row = batch.Indices.AsSpan(start, end - start);
            _starts[r] = start + (firstInput == 0 ? 0 : LowerBound(row, firstInput));
            _ends[r] = endInput == batch.InputCount ? end : start + LowerBound(row, endInput);
            total += _ends[r] - _starts[r];
        }

        return total;
    }

    public void Rewind() => Starts.CopyTo(_positions);

    private static int LowerBound(ReadOnlySpan<int> ascending, int value)
    {
        int place = ascending.BinarySearch(value);
        return place < 0 ? ~place : place;
    }
}
