using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.ScatterRows"/>: <c>C[i - first, :] += x · B[r, :]</c> for every entry (i, x) of every row r.</summary>
internal static class SparseScatter
{
    /// <summary>The reference implementation.</summary>
    public static void Scalar(ReadOnlySpan<SparseRow> rows, int firstIndex, MatrixView right, MatrixSpan output)
    {
        for (int r = 0; r < rows.Length; r++)
        {
            ReadOnlySpan<float> b = right.Row(r);                                  // B[r, :]
            for (int n = 0; n < rows[r].Count; n++)
            {
                float x = rows[r].Values[n];
                Span<float> sums = output.Row(rows[r].Index(n) - firstIndex);      // C[i - first, :]
                for (int c = 0; c < sums.Length; c++)
                {
                    sums[c] += x * b[c];
                }
            }
        }
    }

    /// <summary>The vector form; all rows have indices of the same width.</summary>
    public static void Vector<TSimd, TVector>(ReadOnlySpan<SparseRow> rows, int firstIndex, MatrixView right, MatrixSpan output)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        if (rows.IsEmpty)
        {
            return;
        }

        if (rows[0].Entries.HasShortIndices)
        {
            Vector<TSimd, TVector, ushort>(rows, firstIndex, right, output);
        }
        else
        {
            Vector<TSimd, TVector, int>(rows, firstIndex, right, output);
        }
    }

    /// <summary>B[r, :] stays in registers during the loop over the entries of row r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Vector<TSimd, TVector, TIndex>(
        ReadOnlySpan<SparseRow> rows, int firstIndex, MatrixView right, MatrixSpan output)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        int rightStride = right.RowStride, width = output.ColumnCount;
        Debug.Assert(width % 16 == 0 && width == right.ColumnCount, "Panels are multiples of 16 wide.");
        Debug.Assert(right.RowCount >= rows.Length, "right has too few rows.");
        ref float b = ref MemoryMarshal.GetReference(right.Data);
        ref float c = ref MemoryMarshal.GetReference(output.Data);
        nint stride = output.RowStride;                                             // widened once, not for each entry
        for (int r = 0; r < rows.Length; r++)
        {
            ref TIndex index = ref rows[r].FirstIndex<TIndex>();
            ref float value = ref rows[r].FirstValue;
            int count = rows[r].Count;
            Debug.Assert(
                count == 0 || (rows[r].Index(0) >= firstIndex && rows[r].Index(count - 1) - firstIndex < output.RowCount),
                "An index is out of range.");
            ref float row = ref Unsafe.Add(ref b, (nint)r * rightStride);
            int column = 0;
            for (; column + 4 * TSimd.Count <= width; column += 4 * TSimd.Count)
            {
                FourVectors<TSimd, TVector,
                    TIndex>(ref index, ref value, count, firstIndex, ref Unsafe.Add(ref row, column), ref Unsafe.Add(ref c, column),
                    stride);
            }

            for (; column + 2 * TSimd.Count <= width; column += 2 * TSimd.Count)
            {
                TwoVectors<TSimd, TVector,
                    TIndex>(ref index, ref value, count, firstIndex, ref Unsafe.Add(ref row, column), ref Unsafe.Add(ref c, column),
                    stride);
            }

            for (; column < width; column += TSimd.Count)
            {
                OneVector<TSimd, TVector, TIndex>(ref index, ref value, count, firstIndex, ref Unsafe.Add(ref row, column),
                    ref Unsafe.Add(ref c, column), stride);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourVectors<TSimd, TVector,
        TIndex>(ref TIndex index, ref float value, int count, int firstIndex, ref float row, ref float c, nint outputStride)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        TVector b0 = TSimd.Load(ref row, 0), b1 = TSimd.Load(ref row, TSimd.Count);
        TVector b2 = TSimd.Load(ref row, 2 * TSimd.Count), b3 = TSimd.Load(ref row, 3 * TSimd.Count);
        for (nint n = 0; n < count; n++)
        {
            ref float sums = ref Unsafe.Add(ref c, (nint.CreateTruncating(Unsafe.Add(ref index, n)) - firstIndex) * outputStride);
            TVector x = TSimd.Broadcast(Unsafe.Add(ref value, n));
            TSimd.Store(TSimd.MultiplyAdd(x, b0, TSimd.Load(ref sums, 0)), ref sums, 0);
            TSimd.Store(TSimd.MultiplyAdd(x, b1, TSimd.Load(ref sums, TSimd.Count)), ref sums, TSimd.Count);
            TSimd.Store(TSimd.MultiplyAdd(x, b2, TSimd.Load(ref sums, 2 * TSimd.Count)), ref sums, 2 * TSimd.Count);
            TSimd.Store(TSimd.MultiplyAdd(x, b3, TSimd.Load(ref sums, 3 * TSimd.Count)), ref sums, 3 * TSimd.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoVectors<TSimd, TVector,
        TIndex>(ref TIndex index, ref float value, int count, int firstIndex, ref float row, ref float c, nint outputStride)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        TVector b0 = TSimd.Load(ref row, 0), b1 = TSimd.Load(ref row, TSimd.Count);
        for (nint n = 0; n < count; n++)
        {
            ref float sums = ref Unsafe.Add(ref c, (nint.CreateTruncating(Unsafe.Add(ref index, n)) - firstIndex) * outputStride);
            TVector x = TSimd.Broadcast(Unsafe.Add(ref value, n));
            TSimd.Store(TSimd.MultiplyAdd(x, b0, TSimd.Load(ref sums, 0)), ref sums, 0);
            TSimd.Store(TSimd.MultiplyAdd(x, b1, TSimd.Load(ref sums, TSimd.Count)), ref sums, TSimd.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneVector<TSimd, TVector,
        TIndex>(ref TIndex index, ref float value, int count, int firstIndex, ref float row, ref float c, nint outputStride)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        TVector b0 = TSimd.Load(ref row, 0);
        for (nint n = 0; n < count; n++)
        {
            ref float sums = ref Unsafe.Add(ref c, (nint.CreateTruncating(Unsafe.Add(ref index, n)) - firstIndex) * outputStride);
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref value, n)), b0, TSimd.Load(ref sums, 0)), ref sums, 0);
        }
    }
}
