using System.Runtime.CompilerServices;

namespace MnistMlNet.Kernels;

/// <summary>The inner loops of <see cref="DenseProduct"/>, for blocks of B that are four, two or one vectors wide.</summary>
/// <remarks>
/// The sums of a tile, some rows of C by the width of the block, stay in registers. So each load of B serves several rows, and each load
/// of A several vectors. There are at least eight sums, to hide the latency of a fused multiply-add: four cycles, two of them started in
/// each. Every sum adds its terms in the same order, in a tile and in a single row.
/// A[r, k] is at the address <c>rows[r] + columns[k]</c>, so that rows can lie anywhere, for one more load for each k than with strides.
/// </remarks>
internal static class DenseTiles
{
    /// <summary>
    /// Sixteen sums: two multiply-adds for each load, so a processor that starts two of each in a cycle is never limited by its loads.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void FourVectors<TSimd, TVector>(
        nint* rows, nint* columns, ref float b, nint rightStride, ref float c, nint outputStride, int rowCount, int terms)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        nint second = TSimd.Count, third = 2 * TSimd.Count, fourth = 3 * TSimd.Count;
        nint* end = columns + terms;                                               // a loop by pointer needs fewer registers
        int r = 0;
        for (; r + 4 <= rowCount; r += 4)
        {
            nint a0 = rows[r], a1 = rows[r + 1], a2 = rows[r + 2], a3 = rows[r + 3];       // A[r.., :]
            ref float bk = ref b;                                                  // B[k, column..]
            ref float c0 = ref Unsafe.Add(ref c, r * outputStride);
            ref float c1 = ref Unsafe.Add(ref c0, outputStride);
            ref float c2 = ref Unsafe.Add(ref c1, outputStride);
            ref float c3 = ref Unsafe.Add(ref c2, outputStride);
            TVector s00 = TSimd.Load(ref c0, 0), s01 = TSimd.Load(ref c0, second);
            TVector s02 = TSimd.Load(ref c0, third), s03 = TSimd.Load(ref c0, fourth);
            TVector s10 = TSimd.Load(ref c1, 0), s11 = TSimd.Load(ref c1, second);
            TVector s12 = TSimd.Load(ref c1, third), s13 = TSimd.Load(ref c1, fourth);
            TVector s20 = TSimd.Load(ref c2, 0), s21 = TSimd.Load(ref c2, second);
            TVector s22 = TSimd.Load(ref c2, third), s23 = TSimd.Load(ref c2, fourth);
            TVector s30 = TSimd.Load(ref c3, 0), s31 = TSimd.Load(ref c3, second);
            TVector s32 = TSimd.Load(ref c3, third), s33 = TSimd.Load(ref c3, fourth);
            for (nint* k = columns; k < end; k++)
            {
                nint column = *k;
                TVector b0 = TSimd.Load(ref bk, 0), b1 = TSimd.Load(ref bk, second);
                TVector b2 = TSimd.Load(ref bk, third), b3 = TSimd.Load(ref bk, fourth);
                TVector x = TSimd.Broadcast(*(float*)(a0 + column));
                s00 = TSimd.MultiplyAdd(x, b0, s00);
                s01 = TSimd.MultiplyAdd(x, b1, s01);
                s02 = TSimd.MultiplyAdd(x, b2, s02);
                s03 = TSimd.MultiplyAdd(x, b3, s03);
                x = TSimd.Broadcast(*(float*)(a1 + column));
                s10 = TSimd.MultiplyAdd(x, b0, s10);
                s11 = TSimd.MultiplyAdd(x, b1, s11);
                s12 = TSimd.MultiplyAdd(x, b2, s12);
                s13 = TSimd.MultiplyAdd(x, b3, s13);
                x = TSimd.Broadcast(*(float*)(a2 + column));
                s20 = TSimd.MultiplyAdd(x, b0, s20);
                s21 = TSimd.MultiplyAdd(x, b1, s21);
                s22 = TSimd.MultiplyAdd(x, b2, s22);
                s23 = TSimd.MultiplyAdd(x, b3, s23);
                x = TSimd.Broadcast(*(float*)(a3 + column));
                s30 = TSimd.MultiplyAdd(x, b0, s30);
                s31 = TSimd.MultiplyAdd(x, b1, s31);
                s32 = TSimd.MultiplyAdd(x, b2, s32);
                s33 = TSimd.MultiplyAdd(x, b3, s33);
                bk = ref Unsafe.Add(ref bk, rightStride);
            }

            TSimd.Store(s00, ref c0, 0);
            TSimd.Store(s01, ref c0, second);
            TSimd.Store(s02, ref c0, third);
            TSimd.Store(s03, ref c0, fourth);
            TSimd.Store(s10, ref c1, 0);
            TSimd.Store(s11, ref c1, second);
            TSimd.Store(s12, ref c1, third);
            TSimd.Store(s13, ref c1, fourth);
            TSimd.Store(s20, ref c2, 0);
            TSimd.Store(s21, ref c2, second);
            TSimd.Store(s22, ref c2, third);
            TSimd.Store(s23, ref c2, fourth);
            TSimd.Store(s30, ref c3, 0);
            TSimd.Store(s31, ref c3, second);
            TSimd.Store(s32, ref c3, third);
            TSimd.Store(s33, ref c3, fourth);
        }

        for (; r < rowCount; r++)
        {
            nint a0 = rows[r];
            ref float bk = ref b;
            ref float c0 = ref Unsafe.Add(ref c, r * outputStride);
            TVector s0 = TSimd.Load(ref c0, 0), s1 = TSimd.Load(ref c0, second);
            TVector s2 = TSimd.Load(ref c0, third), s3 = TSimd.Load(ref c0, fourth);
            for (nint* k = columns; k < end; k++)
            {
                nint column = *k;
                TVector x = TSimd.Broadcast(*(float*)(a0 + column));
                s0 = TSimd.MultiplyAdd(x, TSimd.Load(ref bk, 0), s0);
                s1 = TSimd.MultiplyAdd(x, TSimd.Load(ref bk, second), s1);
                s2 = TSimd.MultiplyAdd(x, TSimd.Load(ref bk, third), s2);
                s3 = TSimd.MultiplyAdd(x, TSimd.Load(ref bk, fourth), s3);
                bk = ref Unsafe.Add(ref bk, rightStride);
            }

            TSimd.Store(s0, ref c0, 0);
            TSimd.Store(s1, ref c0, second);
            TSimd.Store(s2, ref c0, third);
            TSimd.Store(s3, ref c0, fourth);
        }
    }

    /// <summary>Eight sums, which hide the latency of a fused multiply-add and fit 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void TwoVectors<TSimd, TVector>(
        nint* rows, nint* columns, ref float b, nint rightStride, ref float c, nint outputStride, int rowCount, int terms)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        nint second = TSimd.Count;
        nint* end = columns + terms;                                               // a loop by pointer needs fewer registers
        int r = 0;
        for (; r + 4 <= rowCount; r += 4)
        {
            nint a0 = rows[r], a1 = rows[r + 1], a2 = rows[r + 2], a3 = rows[r + 3];       // A[r.., :]
            ref float bk = ref b;                                                  // B[k, column..]
            ref float c0 = ref Unsafe.Add(ref c, r * outputStride);
            ref float c1 = ref Unsafe.Add(ref c0, outputStride);
            ref float c2 = ref Unsafe.Add(ref c1, outputStride);
            ref float c3 = ref Unsafe.Add(ref c2, outputStride);
            TVector s00 = TSimd.Load(ref c0, 0), s01 = TSimd.Load(ref c0, second);
            TVector s10 = TSimd.Load(ref c1, 0), s11 = TSimd.Load(ref c1, second);
            TVector s20 = TSimd.Load(ref c2, 0), s21 = TSimd.Load(ref c2, second);
            TVector s30 = TSimd.Load(ref c3, 0), s31 = TSimd.Load(ref c3, second);
            for (nint* k = columns; k < end; k++)
            {
                nint column = *k;
                TVector b0 = TSimd.Load(ref bk, 0), b1 = TSimd.Load(ref bk, second);
                TVector x = TSimd.Broadcast(*(float*)(a0 + column));
                s00 = TSimd.MultiplyAdd(x, b0, s00);
                s01 = TSimd.MultiplyAdd(x, b1, s01);
                x = TSimd.Broadcast(*(float*)(a1 + column));
                s10 = TSimd.MultiplyAdd(x, b0, s10);
                s11 = TSimd.MultiplyAdd(x, b1, s11);
                x = TSimd.Broadcast(*(float*)(a2 + column));
                s20 = TSimd.MultiplyAdd(x, b0, s20);
                s21 = TSimd.MultiplyAdd(x, b1, s21);
                x = TSimd.Broadcast(*(float*)(a3 + column));
                s30 = TSimd.MultiplyAdd(x, b0, s30);
                s31 = TSimd.MultiplyAdd(x, b1, s31);
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
            nint a0 = rows[r];
            ref float bk = ref b;
            ref float c0 = ref Unsafe.Add(ref c, r * outputStride);
            TVector s0 = TSimd.Load(ref c0, 0), s1 = TSimd.Load(ref c0, second);
            for (nint* k = columns; k < end; k++)
            {
                nint column = *k;
                TVector x = TSimd.Broadcast(*(float*)(a0 + column));
                s0 = TSimd.MultiplyAdd(x, TSimd.Load(ref bk, 0), s0);
                s1 = TSimd.MultiplyAdd(x, TSimd.Load(ref bk, second), s1);
                bk = ref Unsafe.Add(ref bk, rightStride);
            }

            TSimd.Store(s0, ref c0, 0);
            TSimd.Store(s1, ref c0, second);
        }
    }

    /// <summary>Eight rows, so that there are eight sums here, too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void OneVector<TSimd, TVector>(
        nint* rows, nint* columns, ref float b, nint rightStride, ref float c, nint outputStride, int rowCount, int terms)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        nint* end = columns + terms;                                               // a loop by pointer needs fewer registers
        int r = 0;
        for (; r + 8 <= rowCount; r += 8)
        {
            nint a0 = rows[r], a1 = rows[r + 1], a2 = rows[r + 2], a3 = rows[r + 3];       // A[r.., :]
            nint a4 = rows[r + 4], a5 = rows[r + 5], a6 = rows[r + 6], a7 = rows[r + 7];
            ref float bk = ref b;                                                  // B[k, column..]
            ref float c0 = ref Unsafe.Add(ref c, r * outputStride);
            ref float c1 = ref Unsafe.Add(ref c0, outputStride);
            ref float c2 = ref Unsafe.Add(ref c1, outputStride);
            ref float c3 = ref Unsafe.Add(ref c2, outputStride);
            ref float c4 = ref Unsafe.Add(ref c3, outputStride);
            ref float c5 = ref Unsafe.Add(ref c4, outputStride);
            ref float c6 = ref Unsafe.Add(ref c5, outputStride);
            ref float c7 = ref Unsafe.Add(ref c6, outputStride);
            TVector s0 = TSimd.Load(ref c0, 0), s1 = TSimd.Load(ref c1, 0), s2 = TSimd.Load(ref c2, 0), s3 = TSimd.Load(ref c3, 0);
            TVector s4 = TSimd.Load(ref c4, 0), s5 = TSimd.Load(ref c5, 0), s6 = TSimd.Load(ref c6, 0), s7 = TSimd.Load(ref c7, 0);
            for (nint* k = columns; k < end; k++)
            {
                nint column = *k;
                TVector b0 = TSimd.Load(ref bk, 0);
                s0 = TSimd.MultiplyAdd(TSimd.Broadcast(*(float*)(a0 + column)), b0, s0);
                s1 = TSimd.MultiplyAdd(TSimd.Broadcast(*(float*)(a1 + column)), b0, s1);
                s2 = TSimd.MultiplyAdd(TSimd.Broadcast(*(float*)(a2 + column)), b0, s2);
                s3 = TSimd.MultiplyAdd(TSimd.Broadcast(*(float*)(a3 + column)), b0, s3);
                s4 = TSimd.MultiplyAdd(TSimd.Broadcast(*(float*)(a4 + column)), b0, s4);
                s5 = TSimd.MultiplyAdd(TSimd.Broadcast(*(float*)(a5 + column)), b0, s5);
                s6 = TSimd.MultiplyAdd(TSimd.Broadcast(*(float*)(a6 + column)), b0, s6);
                s7 = TSimd.MultiplyAdd(TSimd.Broadcast(*(float*)(a7 + column)), b0, s7);
                bk = ref Unsafe.Add(ref bk, rightStride);
            }

            TSimd.Store(s0, ref c0, 0);
            TSimd.Store(s1, ref c1, 0);
            TSimd.Store(s2, ref c2, 0);
            TSimd.Store(s3, ref c3, 0);
            TSimd.Store(s4, ref c4, 0);
            TSimd.Store(s5, ref c5, 0);
            TSimd.Store(s6, ref c6, 0);
            TSimd.Store(s7, ref c7, 0);
        }

        for (; r < rowCount; r++)
        {
            nint a0 = rows[r];
            ref float bk = ref b;
            ref float c0 = ref Unsafe.Add(ref c, r * outputStride);
            TVector s0 = TSimd.Load(ref c0, 0);
            for (nint* k = columns; k < end; k++)
            {
                nint column = *k;
                s0 = TSimd.MultiplyAdd(TSimd.Broadcast(*(float*)(a0 + column)), TSimd.Load(ref bk, 0), s0);
                bk = ref Unsafe.Add(ref bk, rightStride);
            }

            TSimd.Store(s0, ref c0, 0);
        }
    }
}
