namespace MnistMlNet.Kernels;

/// <summary>A read-only matrix whose element (r, c) is at the address <c>rows[r] + columns[c]</c>, in bytes.</summary>
/// <remarks>
/// So its rows can lie anywhere, in any order, and its transpose costs nothing. The addresses aren't checked: the caller ensures that they
/// belong to pinned memory that stays alive, and are as many as the other matrices of a product need.
/// </remarks>
/// <param name="rows">The address of the start of each row; in a transpose, the distance of each of its rows from such an address.</param>
/// <param name="columns">The distance of each column from the start of a row; in a transpose, an address for each column.</param>
/// <param name="prefetchesRows">Whether a product prefetches the next rows: where the elements of a row lie side by side and the rows in a
/// random order, which the hardware can't predict.</param>
internal readonly ref struct AddressedMatrix(ReadOnlySpan<nint> rows, ReadOnlySpan<nint> columns, bool prefetchesRows = false)
{
    public ReadOnlySpan<nint> Rows { get; } = rows;

    public ReadOnlySpan<nint> Columns { get; } = columns;

    public bool PrefetchesRows { get; } = prefetchesRows;

    public unsafe float this[int row, int column] => *(float*)(Rows[row] + Columns[column]);

    /// <summary>The same elements with rows and columns exchanged.</summary>
    public AddressedMatrix Transpose() => new(Columns, Rows);
}
