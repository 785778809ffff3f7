using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.MultiplyDense"/>: <c>C[r, :] += Σₖ A[r, k] · B[k, :]</c>.</summary>
internal static class DenseProduct
{
    /// <summary>
    /// The number of rows that share each load of <c>B[k, :]</c>: 4 × 2 accumulators hide the latency of a fused multiply-add and fit 16
    /// registers.
    /// </summary>
    private const int RowTile = 4;

    /// <summary>Terms summed before the next rows are processed: 128 × 32 floats of B are 16 KB, half of a first-level cache.</summary>
    private const int InnerTile = 128;

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

    /// <summary>The vector form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(MatrixView left, MatrixView right, MatrixSpan output)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        int rowCount = output.RowCount, innerCount = right.RowCount, width = output.ColumnCount;
        int leftRowStride = left.RowStride, leftStep = left.ColumnStride, rightStride = right.RowStride, outputStride = output.RowStride;
        if (rowCount == 0 || innerCount == 0)
        {
            return;
        }

        Debug.Assert(width % 16 == 0, "Panels are multiples of 16 wide.");
        Debug.Assert(left.RowCount == rowCount && left.ColumnCount == innerCount, "left has another shape.");
        Debug.Assert(right.ColumnCount == width && right.ColumnStride == 1, "right has another shape.");

        ref float a = ref MemoryMarshal.GetReference(left.Data);
        ref float b = ref MemoryMarshal.GetReference(right.Data);
        ref float c = ref MemoryMarshal.GetReference(output.Data);
        for (int first = 0; first < innerCount; first += InnerTile)
        {
            int terms = Math.Min(InnerTile, innerCount - first);
            ref float aBlock = ref Unsafe.Add(ref a, (nint)first * leftStep);      // A[:, first..]
            ref float bBlock = ref Unsafe.Add(ref b, (nint)first * rightStride);         // B[first.., :]
            int column = 0;
            for (; column + 2 * TSimd.Count <= width; column += 2 * TSimd.Count)
            {
                TwoVectors<TSimd, TVector>(
                    ref aBlock, leftRowStride, leftStep, ref Unsafe.Add(ref bBlock, column), rightStride,
                    ref Unsafe.Add(ref c, column), outputStride, rowCount, terms);
            }

            for (; column < width; column += TSimd.Count)
            {
                OneVector<TSimd, TVector>(
                    ref aBlock, leftRowStride, leftStep, ref Unsafe.Add(ref bBlock, column), rightStride,
                    ref Unsafe.Add(ref c, column), outputStride, rowCount, terms);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoVectors<TSimd, TVector>(
        ref float a, nint rowStride, nint step, ref float b, nint rightStride, ref float c, nint outputStride, int rowCount, int terms)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        nint second = TSimd.Count;
        int r = 0;
        for (; r + RowTile <= rowCount; r += RowTile)
        {
            ref float a0 = ref Unsafe.Add(ref a, r * rowStride);                   // A[r.., k]
            ref float bk = ref b;                                                  // B[k, column..]
            ref float c0 = ref Unsafe.Add(ref c, r * outputStride);
            ref float c1 = ref Unsafe.Add(ref c0, outputStride);
            ref float c2 = ref Unsafe.Add(ref c1, outputStride);
            ref float c3 = ref Unsafe.Add(ref c2, outputStride);
            TVector s00 = TSimd.Load(ref c0, 0), s01 = TSimd.Load(ref c0, second);
            TVector s10 = TSimd.Load(ref c1, 0), s11 = TSimd.Load(ref c1, second);
            TVector s20 = TSimd.Load(ref c2, 0), s21 = TSimd.Load(ref c2, second);
            TVector s30 = TSimd.Load(ref c3, 0), s31 = TSimd.Load(ref c3, second);
            for (int k = 0; k < terms; k++)
            {
                TVector b0 = TSimd.Load(ref bk, 0), b1 = TSimd.Load(ref bk, second);
                TVector x = TSimd.Broadcast(a0);
                s00 = TSimd.MultiplyAdd(x, b0, s00);
                s01 = TSimd.MultiplyAdd(x, b1, s01);
                x = TSimd.Broadcast(Unsafe.Add(ref a0, rowStride));
                s10 = TSimd.MultiplyAdd(x, b0, s10);
                s11 = TSimd.MultiplyAdd(x, b1, s11);
                x = TSimd.Broadcast(Unsafe.Add(ref a0, 2 * rowStride));
                s20 = TSimd.MultiplyAdd(x, b0, s20);
                s21 = TSimd.MultiplyAdd(x, b1, s21);
                x = TSimd.Broadcast(Unsafe.Add(ref a0, 3 * rowStride));
                s30 = TSimd.MultiplyAdd(x, b0, s30);
                s31 = TSimd.MultiplyAdd(x, b1, s31);
                a0 = ref Unsafe.Add(ref a0, step);
                bk = ref Unsafe.Add(ref bk, rightStride);
            }

            TSimd.Store(s00, ref c0, 0);
            TSimd.Store(s01, ref c0, second);
            TSimd.Store(s10, ref c1, 0);
            TSimd.Store(s11, ref c1, second);
            TSimd.Store(s20, ref c2, 0);
            TSimd.Store(s21, ref c2, second);
            TSimd.Store(s30, ref c3, 0);
            TSimd.Store(s31, ref c3, second);
        }

        for (; r < rowCount; r++)
        {
            ref float a0 = ref Unsafe.Add(ref a, r * rowStride);
            ref float bk = ref b;
            ref float c0 = ref Unsafe.Add(ref c, r * outputStride);
            TVector s0 = TSimd.Load(ref c0, 0), s1 = TSimd.Load(ref c0, second);
            for (int k = 0; k < terms; k++)
            {
                TVector x = TSimd.Broadcast(a0);
                s0 = TSimd.MultiplyAdd(x, TSimd.Load(ref bk, 0), s0);
                s1 = TSimd.MultiplyAdd(x, TSimd.Load(ref bk, second), s1);
                a0 = ref Unsafe.Add(ref a0, step);
                bk = ref Unsafe.Add(ref bk, rightStride);
            }

            TSimd.Store(s0, ref c0, 0);
            TSimd.Store(s1, ref c0, second);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneVector<TSimd, TVector>(
        ref float a, nint rowStride, nint step, ref float b, nint rightStride, ref float c, nint outputStride, int rowCount, int terms)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        int r = 0;
        for (; r + RowTile <= rowCount; r += RowTile)
        {
            ref float a0 = ref Unsafe.Add(ref a, r * rowStride);
            ref float bk = ref b;
            ref float c0 = ref Unsafe.Add(ref c, r * outputStride);
            ref float c1 = ref Unsafe.Add(ref c0, outputStride);
            ref float c2 = ref Unsafe.Add(ref c1, outputStride);
            ref float c3 = ref Unsafe.Add(ref c2, outputStride);
            TVector s0 = TSimd.Load(ref c0, 0), s1 = TSimd.Load(ref c1, 0), s2 = TSimd.Load(ref c2, 0), s3 = TSimd.Load(ref c3, 0);
            for (int k = 0; k < terms; k++)
            {
                TVector b0 = TSimd.Load(ref bk, 0);
                s0 = TSimd.MultiplyAdd(TSimd.Broadcast(a0), b0, s0);
                s1 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref a0, rowStride)), b0, s1);
                s2 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref a0, 2 * rowStride)), b0, s2);
                s3 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref a0, 3 * rowStride)), b0, s3);
                a0 = ref Unsafe.Add(ref a0, step);
                bk = ref Unsafe.Add(ref bk, rightStride);
            }

            TSimd.Store(s0, ref c0, 0);
            TSimd.Store(s1, ref c1, 0);
            TSimd.Store(s2, ref c2, 0);
            TSimd.Store(s3, ref c3, 0);
        }

        for (; r < rowCount; r++)
        {
            ref float a0 = ref Unsafe.Add(ref a, r * rowStride);
            ref float bk = ref b;
            ref float c0 = ref Unsafe.Add(ref c, r * outputStride);
            TVector s0 = TSimd.Load(ref c0, 0);
            for (int k = 0; k < terms; k++)
            {
                s0 = TSimd.MultiplyAdd(TSimd.Broadcast(a0), TSimd.Load(ref bk, 0), s0);
                a0 = ref Unsafe.Add(ref a0, step);
                bk = ref Unsafe.Add(ref bk, rightStride);
            }

            TSimd.Store(s0, ref c0, 0);
        }
    }
}
