using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.MultiplySparse"/>: <c>c += Σₙ values[n] · B[indices[n], :]</c>.</summary>
internal static class SparseProduct
{
    /// <summary>The reference implementation.</summary>
    public static void Scalar(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, MatrixView right, Span<float> output)
    {
        for (int n = 0; n < indices.Length; n++)
        {
            float x = values[n];
            ReadOnlySpan<float> b = right.Row(indices[n]);                         // B[indices[n], :]
            for (int c = 0; c < output.Length; c++)
            {
                output[c] += x * b[c];
            }
        }
    }

    /// <summary>The vector form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(
        ReadOnlySpan<int> indices, ReadOnlySpan<float> values, MatrixView right, Span<float> output)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(output.Length % 16 == 0 && output.Length == right.ColumnCount, "Panels are multiples of 16 wide.");
        Debug.Assert(values.Length >= indices.Length, "values are too few.");
        SparseSums.Row<TSimd, TVector, int, RowEntryAccessor>(
            ref MemoryMarshal.GetReference(indices), ref MemoryMarshal.GetReference(values), indices.Length,
            ref MemoryMarshal.GetReference(right.Data), right.RowStride, ref MemoryMarshal.GetReference(output), output.Length);
    }
}

/// <summary><see cref="IKernels.MultiplyRows"/>: <c>C[r, :] += Σ x · B[i, :]</c> over the entries (i, x) of row r.</summary>
internal static class SparseRowProduct
{
    /// <summary>The reference implementation.</summary>
    public static void Scalar(ReadOnlySpan<SparseRow> rows, MatrixView right, MatrixSpan output)
    {
        for (int r = 0; r < rows.Length; r++)
        {
            Span<float> sums = output.Row(r);                                      // C[r, :]
            for (int n = 0; n < rows[r].Count; n++)
            {
                float x = rows[r].Values[n];
                ReadOnlySpan<float> b = right.Row(rows[r].Index(n));               // B[i, :]
                for (int c = 0; c < sums.Length; c++)
                {
                    sums[c] += x * b[c];
                }
            }
        }
    }

    /// <summary>The vector form; all rows have indices of the same width.</summary>
    public static void Vector<TSimd, TVector>(ReadOnlySpan<SparseRow> rows, MatrixView right, MatrixSpan output)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        if (rows.IsEmpty)
        {
            return;
        }

        if (rows[0].Entries.HasShortIndices)
        {
            Vector<TSimd, TVector, ushort>(rows, right, output);
        }
        else
        {
            Vector<TSimd, TVector, int>(rows, right, output);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Vector<TSimd, TVector, TIndex>(ReadOnlySpan<SparseRow> rows, MatrixView right, MatrixSpan output)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        int outputStride = output.RowStride, width = output.ColumnCount;
        Debug.Assert(width % 16 == 0 && width == right.ColumnCount, "Panels are multiples of 16 wide.");
        Debug.Assert(output.RowCount >= rows.Length, "output has too few rows.");
        Debug.Assert(EndWithin(rows, right.RowCount - 1), "right has too few rows.");
        ref float b = ref MemoryMarshal.GetReference(right.Data);
        ref float c = ref MemoryMarshal.GetReference(output.Data);
        nint stride = right.RowStride;                                              // widened once, not for each entry
        int r = 0;
        if (SparseSums.TakesTwoRows<TSimd, TVector>(width))
        {
            for (; r + 1 < rows.Length; r += 2)
            {
                SparseSums.TwoRows<TSimd, TVector, TIndex, RowEntryAccessor>(
                    ref rows[r].FirstIndex<TIndex>(), ref rows[r + 1].FirstIndex<TIndex>(), ref rows[r].FirstValue,
                    ref rows[r + 1].FirstValue,
                    rows[r].Count, rows[r + 1].Count, ref b, stride, ref Unsafe.Add(ref c, (nint)r * outputStride), outputStride, width);
            }
        }

        for (; r < rows.Length; r++)
        {
            SparseSums.Row<TSimd, TVector, TIndex, RowEntryAccessor>(
                ref rows[r].FirstIndex<TIndex>(), ref rows[r].FirstValue, rows[r].Count, ref b, stride,
                ref Unsafe.Add(ref c, (nint)r * outputStride), width);
        }
    }

    private static bool EndWithin(ReadOnlySpan<SparseRow> rows, int lastIndex)
    {
        foreach (SparseRow row in rows)
        {
            if (row.Count > 0 && row.Index(row.Count - 1) > lastIndex)
            {
                return false;
            }
        }

        return true;
    }
}
