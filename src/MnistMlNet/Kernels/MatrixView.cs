using System.Diagnostics;
using MnistMlNet.Primitives;

namespace MnistMlNet.Kernels;

/// <summary>A read-only matrix: a view of a block of floats that it doesn't own.</summary>
/// <remarks>With strides, it can be rows with or without gaps, the transpose of such rows, or one repeated number (both 0).</remarks>
internal readonly ref struct MatrixView
{
    /// <param name="data">Element (r, c) is at <c>r · rowStride + c · columnStride</c>.</param>
    /// <param name="rowStride">Distance between rows, 0 or more.</param>
    /// <param name="columnStride">Distance between columns, 0 or more.</param>
    public MatrixView(ReadOnlySpan<float> data, int rowCount, int columnCount, int rowStride, int columnStride = 1)
    {
        Debug.Assert(
            rowCount == 0 || columnCount == 0
                || data.Length > (rowCount - 1) * (long)rowStride + (columnCount - 1) * (long)columnStride,
            "The data are too short for the matrix.");
        Data = data;
        RowCount = rowCount;
        ColumnCount = columnCount;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    public ReadOnlySpan<float> Data { get; }

    public int RowCount { get; }

    public int ColumnCount { get; }

    public int RowStride { get; }

    public int ColumnStride { get; }

    /// <summary>The same elements with rows and columns exchanged.</summary>
    public MatrixView Transpose() => new(Data, ColumnCount, RowCount, ColumnStride, RowStride);

    /// <summary>The rows <paramref name="first"/> … <paramref name="first"/> + <paramref name="count"/> - 1.</summary>
    public MatrixView Rows(int first, int count) => new(Data[(first * RowStride)..], count, ColumnCount, RowStride, ColumnStride);

    /// <summary>The elements of a row, whose columns must be contiguous.</summary>
    public ReadOnlySpan<float> Row(int row)
    {
        Debug.Assert(ColumnStride == 1, "The columns don't lie side by side.");
        return Data.Slice(row * RowStride, ColumnCount);
    }
}

/// <summary>A writable matrix: a view of rows of a block of floats that it doesn't own.</summary>
internal readonly ref struct MatrixSpan
{
    /// <param name="data">Row r starts at <c>r · rowStride</c>.</param>
    /// <param name="rowStride">Distance between rows, <paramref name="columnCount"/> or more.</param>
    public MatrixSpan(Span<float> data, int rowCount, int columnCount, int rowStride)
    {
        Debug.Assert(
            rowCount == 0 || data.Length >= (rowCount - 1) * (long)rowStride + columnCount, "The data are too short for the matrix.");
        Data = data;
        RowCount = rowCount;
        ColumnCount = columnCount;
        RowStride = rowStride;
    }

    public Span<float> Data { get; }

    public int RowCount { get; }

    public int ColumnCount { get; }

    public int RowStride { get; }

    public static implicit operator MatrixView(MatrixSpan matrix) =>
        new(matrix.Data, matrix.RowCount, matrix.ColumnCount, matrix.RowStride);

    public Span<float> Row(int row) => Data.Slice(row * RowStride, ColumnCount);

    /// <summary>The rows <paramref name="first"/> … <paramref name="first"/> + <paramref name="count"/> - 1.</summary>
    public MatrixSpan Rows(int first, int count) => new(Data[(first * RowStride)..], count, ColumnCount, RowStride);

    /// <summary>Sets all elements to 0.</summary>
    public void Clear()
    {
        if (RowStride == ColumnCount)
        {
            Data[..(RowCount * RowStride)].Clear();
            return;
        }

        for (int r = 0; r < RowCount; r++)
        {
            Row(r).Clear();
        }
    }

    /// <summary>Adds two matrices of equal size and row stride; <paramref name="sum"/> may be one of them.</summary>
    public static void Add(MatrixSpan left, MatrixSpan right, MatrixSpan sum)
    {
        if (left.RowStride == left.ColumnCount)
        {
            int length = left.RowCount * left.RowStride;
            FloatVectors.Add(left.Data[..length], right.Data[..length], sum.Data[..length]);
            return;
        }

        for (int r = 0; r < left.RowCount; r++)
        {
            FloatVectors.Add(left.Row(r), right.Row(r), sum.Row(r));
        }
    }

    /// <summary>The columns <paramref name="first"/> … <paramref name="first"/> + <paramref name="count"/> - 1 of all rows.</summary>
    public MatrixSpan Columns(int first, int count) => new(Data[Math.Min(first, Data.Length)..], RowCount, count, RowStride);
}
