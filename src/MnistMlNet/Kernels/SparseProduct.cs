using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.MultiplySparse"/>: <c>c += Σₙ values[n] · B[indices[n], :]</c>.</summary>
internal static class SparseProduct
{
    /// <summary>The specification.</summary>
    public static void Scalar(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int width)
    {
        for (int n = 0; n < indices.Length; n++)
        {
            float x = values[n];
            ReadOnlySpan<float> b = right.Slice(indices[n] * rightStride, width);        // B[indices[n], :]
            for (int c = 0; c < width; c++)
            {
                output[c] += x * b[c];
            }
        }
    }

    /// <summary>The same in vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(
        ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> right, int rightStride, Span<float> output, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(width % 16 == 0, "Panels are multiples of 16 wide.");
        Debug.Assert(output.Length >= width, "output is too short.");
        Debug.Assert(values.Length >= indices.Length, "values are too few.");
        SparseSums.Row<TSimd, TVector, int, RowEntryAccessor>(
            ref MemoryMarshal.GetReference(indices), ref MemoryMarshal.GetReference(values), indices.Length,
            ref MemoryMarshal.GetReference(right), rightStride, ref MemoryMarshal.GetReference(output), width);
    }
}

/// <summary><see cref="IKernels.MultiplyRows"/>: <c>C[r, :] += Σ x · B[i, :]</c> over the entries (i, x) of row r.</summary>
internal static class SparseRowProduct
{
    /// <summary>The specification.</summary>
    public static void Scalar(ReadOnlySpan<SparseRow> rows, ReadOnlySpan<float> right, int rightStride, Span<float> output,
        int outputStride, int width)
    {
        for (int r = 0; r < rows.Length; r++)
        {
            Span<float> sums = output.Slice(r * outputStride, width);              // C[r, :]
            for (int n = 0; n < rows[r].Count; n++)
            {
                float x = rows[r].Values[n];
                ReadOnlySpan<float> b = right.Slice(rows[r].Index(n) * rightStride, width);      // B[i, :]
                for (int c = 0; c < width; c++)
                {
                    sums[c] += x * b[c];
                }
            }
        }
    }

    /// <summary>The same in vectors; all rows have indices of the same width.</summary>
    public static void Vector<TSimd, TVector>(
        ReadOnlySpan<SparseRow> rows, ReadOnlySpan<float> right, int rightStride, Span<float> output, int outputStride, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        if (rows.IsEmpty)
        {
            return;
        }

        if (rows[0].Entries.HasShortIndices)
        {
            Vector<TSimd, TVector, ushort>(rows, right, rightStride, output, outputStride, width);
        }
        else
        {
            Vector<TSimd, TVector, int>(rows, right, rightStride, output, outputStride, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Vector<TSimd, TVector, TIndex>(
        ReadOnlySpan<SparseRow> rows, ReadOnlySpan<float> right, int rightStride, Span<float> output, int outputStride, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        Debug.Assert(width % 16 == 0, "Panels are multiples of 16 wide.");
        Debug.Assert(output.Length >= (rows.Length - 1) * outputStride + width, "output is too short.");
        Debug.Assert(EndWithin(rows, (right.Length - width) / rightStride), "right is too short.");
        ref float b = ref MemoryMarshal.GetReference(right);
        ref float c = ref MemoryMarshal.GetReference(output);
        nint stride = rightStride;                                                  // widened once, not for each entry
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
