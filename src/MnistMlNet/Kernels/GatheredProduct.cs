using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.MultiplyGathered"/>: <c>C[r, :] += Σ A[r, i] · B[i, :]</c> over the inputs i listed for row r.</summary>
internal static class GatheredProduct
{
    /// <summary>The reference implementation.</summary>
    public static void Scalar(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, MatrixView rows, MatrixView right, MatrixSpan output)
    {
        for (int r = 0; r + 1 < starts.Length; r++)
        {
            Span<float> sums = output.Row(r);                                      // C[r, :]
            foreach (int i in indices[starts[r]..starts[r + 1]])
            {
                float x = rows.Row(r)[i];
                ReadOnlySpan<float> b = right.Row(i);                              // B[i, :]
                for (int c = 0; c < sums.Length; c++)
                {
                    sums[c] += x * b[c];
                }
            }
        }
    }

    /// <summary>The vector form: the sums of one row stay in registers during the loop over its inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, MatrixView rows, MatrixView right, MatrixSpan output)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        int outputStride = output.RowStride, width = output.ColumnCount;
        Debug.Assert(width % 16 == 0 && width == right.ColumnCount, "Panels are multiples of 16 wide.");
        Debug.Assert(output.RowCount >= starts.Length - 1 && rows.RowCount >= starts.Length - 1, "output or rows has too few rows.");
        Debug.Assert(indices.Length >= starts[^1], "starts point beyond the indices.");

        ref int index = ref MemoryMarshal.GetReference(indices);
        ref float x = ref MemoryMarshal.GetReference(rows.Data);
        ref float b = ref MemoryMarshal.GetReference(right.Data);
        ref float c = ref MemoryMarshal.GetReference(output.Data);
        nint xStride = rows.RowStride;
        nint stride = right.RowStride;                                              // widened once, not for each entry
        int r = 0;
        if (SparseSums.TakesTwoRows<TSimd, TVector>(width))
        {
            for (; r + 2 < starts.Length; r += 2)
            {
                int start = starts[r], next = starts[r + 1];
                SparseSums.TwoRows<TSimd, TVector, int, GatheredEntryAccessor>(
                    ref Unsafe.Add(ref index, start), ref Unsafe.Add(ref index, next),
                    ref Unsafe.Add(ref x, r * xStride), ref Unsafe.Add(ref x, (r + 1) * xStride),
                    next - start, starts[r + 2] - next, ref b, stride, ref Unsafe.Add(ref c, (nint)r * outputStride), outputStride, width);
            }
        }

        for (; r + 1 < starts.Length; r++)
        {
            int start = starts[r];
            SparseSums.Row<TSimd, TVector, int, GatheredEntryAccessor>(
                ref Unsafe.Add(ref index, start), ref Unsafe.Add(ref x, r * xStride), starts[r + 1] - start, ref b, stride,
                ref Unsafe.Add(ref c, (nint)r * outputStride), width);
        }
    }
}
