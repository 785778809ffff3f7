using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.MultiplyDense(MatrixView, MatrixView, MatrixSpan)"/>: <c>C[r, :] += Σₖ A[r, k] · B[k, :]</c>.</summary>
internal static class DenseProduct
{
    /// <summary>Terms summed before the next rows are processed: 128 × 64 floats of B are 32 KB, a first-level cache.</summary>
    private const int InnerTile = 128;

    /// <summary>The rows of a left operand with strides whose addresses are computed at a time: 4 KB on the stack.</summary>
    private const int RowsAtOnce = 512;

    /// <summary>The rows of a left operand that are prefetched at a time.</summary>
    private const int PrefetchedRows = 8;

    /// <summary>The floats of a vector of 512 bits. Processors with such vectors have 32 registers, others on x64 only 16.</summary>
    private const int WideCount = 16;

    /// <summary>The distances of columns that lie side by side.</summary>
    private static readonly nint[] s_contiguous = [.. Enumerable.Range(0, InnerTile).Select(k => (nint)k * sizeof(float))];

    /// <summary>The reference implementation.</summary>
    public static void Scalar(MatrixView left, MatrixView right, MatrixSpan output)
    {
        for (int r = 0; r < output.RowCount; r++)
        {
            Span<float> sums = output.Row(r);                                      // C[r, :]
            for (int k = 0; k < right.RowCount; k++)
            {
                float a = left.Data[r * left.RowStride + k * left.ColumnStride];   // A[r, k]
                ReadOnlySpan<float> b = right.Row(k);                              // B[k, :]
                for (int c = 0; c < sums.Length; c++)
                {
                    sums[c] += a * b[c];
                }
            }
        }
    }

    /// <summary>The reference implementation for a left operand of any addresses.</summary>
    public static void Scalar(AddressedMatrix left, MatrixView right, MatrixSpan output)
    {
        for (int r = 0; r < output.RowCount; r++)
        {
            Span<float> sums = output.Row(r);                                      // C[r, :]
            for (int k = 0; k < right.RowCount; k++)
            {
                float a = left[r, k];
                ReadOnlySpan<float> b = right.Row(k);                              // B[k, :]
                for (int c = 0; c < sums.Length; c++)
                {
                    sums[c] += a * b[c];
                }
            }
        }
    }

    /// <summary>The vector form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static unsafe void Vector<TSimd, TVector>(MatrixView left, MatrixView right, MatrixSpan output)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(left.RowCount == output.RowCount && left.ColumnCount == right.RowCount, "left has another shape.");

        nint* rows = stackalloc nint[RowsAtOnce], otherColumns = stackalloc nint[InnerTile];
        nint rowStride = left.RowStride, columnStride = left.ColumnStride;
        fixed (float* a = left.Data)
        fixed (nint* contiguous = s_contiguous)
        {
            nint* columns = contiguous;
            if (columnStride != 1)
            {
                columns = otherColumns;
                for (int k = 0; k < Math.Min(InnerTile, right.RowCount); k++)
                {
                    columns[k] = k * columnStride * sizeof(float);
                }
            }

            for (int firstRow = 0; firstRow < output.RowCount; firstRow += RowsAtOnce)
            {
                int rowCount = Math.Min(RowsAtOnce, output.RowCount - firstRow);
                for (int first = 0; first < right.RowCount; first += InnerTile)
                {
                    float* start = a + firstRow * rowStride + first * columnStride;           // A[firstRow, first]
                    for (int r = 0; r < rowCount; r++)
                    {
                        // SAFETY: within left.Data, which is fixed until the last of these addresses is read.
                        rows[r] = (nint)(start + r * rowStride);
                    }

                    int terms = Math.Min(InnerTile, right.RowCount - first);
                    MultiplyTile<TSimd, TVector>(rows, columns, right.Rows(first, terms), output.Rows(firstRow, rowCount));
                }
            }
        }
    }

    /// <summary>The vector form for a left operand of any addresses.</summary>
    /// <remarks>
    /// While some rows are multiplied, the following ones are prefetched, if the operand says so; only whole tiles are, not the shorter end
    /// of a row.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Vector<TSimd, TVector>(AddressedMatrix left, MatrixView right, MatrixSpan output)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(left.Rows.Length == output.RowCount && left.Columns.Length == right.RowCount, "left has another shape.");

        int rowCount = output.RowCount;

        // SAFETY: the constructor of AddressedMatrix says what its addresses must be; there are as many as the loops read (above).
        fixed (nint* rows = left.Rows, columns = left.Columns)
        {
            for (int first = 0; first < right.RowCount; first += InnerTile)
            {
                int terms = Math.Min(InnerTile, right.RowCount - first);
                int step = terms == InnerTile && left.PrefetchesRows ? PrefetchedRows : rowCount;
                for (int r = 0; r < rowCount; r += step)
                {
                    int end = Math.Min(r + step, rowCount);
                    for (int next = end; next < Math.Min(end + step, rowCount); next++)
                    {
                        CacheLine.Prefetch(new ReadOnlySpan<float>((float*)(rows[next] + columns[first]), terms));
                    }

                    MultiplyTile<TSimd, TVector>(rows + r, columns + first, right.Rows(first, terms), output.Rows(r, end - r));
                }
            }
        }
    }

    /// <summary>Multiplies at most <see cref="InnerTile"/> columns of A.</summary>
    /// <param name="rows">As many as <paramref name="output"/> has; A[r, k] is at <c>rows[r] + columns[k]</c>.</param>
    /// <param name="columns">As many as <paramref name="right"/> has rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void MultiplyTile<TSimd, TVector>(nint* rows, nint* columns, MatrixView right, MatrixSpan output)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        int rowCount = output.RowCount, terms = right.RowCount, width = output.ColumnCount;
        int rightStride = right.RowStride, outputStride = output.RowStride;
        Debug.Assert(width % 16 == 0, "Panels are multiples of 16 wide.");
        Debug.Assert(right.ColumnCount == width && right.ColumnStride == 1, "right has another shape.");

        ref float b = ref MemoryMarshal.GetReference(right.Data);
        ref float c = ref MemoryMarshal.GetReference(output.Data);
        int column = 0;
        for (; TSimd.Count == WideCount && column + 4 * TSimd.Count <= width; column += 4 * TSimd.Count)
        {
            DenseTiles.FourVectors<TSimd, TVector>(
                rows, columns, ref Unsafe.Add(ref b, column), rightStride, ref Unsafe.Add(ref c, column), outputStride, rowCount, terms);
        }

        for (; column + 2 * TSimd.Count <= width; column += 2 * TSimd.Count)
        {
            DenseTiles.TwoVectors<TSimd, TVector>(
                rows, columns, ref Unsafe.Add(ref b, column), rightStride, ref Unsafe.Add(ref c, column), outputStride, rowCount, terms);
        }

        for (; column < width; column += TSimd.Count)
        {
            DenseTiles.OneVector<TSimd, TVector>(
                rows, columns, ref Unsafe.Add(ref b, column), rightStride, ref Unsafe.Add(ref c, column), outputStride, rowCount, terms);
        }
    }
}
