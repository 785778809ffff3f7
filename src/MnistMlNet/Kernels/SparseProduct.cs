using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.MultiplySparse"/>: <c>C[r, :] += Σₙ values[n] · B[indices[n], :]</c> over the entries of row r.</summary>
internal static class SparseProduct
{
    /// <summary>The specification.</summary>
    public static void Scalar(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int width)
    {
        for (int r = 0; r + 1 < starts.Length; r++)
        {
            Span<float> sums = output.Slice(r * outputStride, width);              // C[r, :]
            for (int n = starts[r]; n < starts[r + 1]; n++)
            {
                float x = values[n];
                ReadOnlySpan<float> b = right.Slice(indices[n] * rightStride, width);    // B[indices[n], :]
                for (int c = 0; c < width; c++)
                {
                    sums[c] += x * b[c];
                }
            }
        }
    }

    /// <summary>The same in vectors: one row's sums stay in registers while its entries pass by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(width % 16 == 0, "Panels are multiples of 16 wide.");
        Debug.Assert(starts.Length < 2 || output.Length >= (starts.Length - 2) * outputStride + width, "output is too short.");
        Debug.Assert(indices.Length >= starts[^1] && values.Length >= starts[^1], "starts point beyond the entries.");

        ref int index = ref MemoryMarshal.GetReference(indices);
        ref float value = ref MemoryMarshal.GetReference(values);
        ref float b = ref MemoryMarshal.GetReference(right);
        ref float c = ref MemoryMarshal.GetReference(output);
        nint stride = rightStride;                                                  // widened once, not for each entry
        int r = 0;
        if (width == 2 * TSimd.Count)
        {
            for (; r + 2 < starts.Length; r += 2)
            {
                TwoRows<TSimd, TVector>(
                    ref Unsafe.Add(ref index, starts[r]), ref Unsafe.Add(ref value, starts[r]), starts[r + 1] - starts[r], starts[r + 2] - starts[r + 1],
                    ref b, stride, ref Unsafe.Add(ref c, (nint)r * outputStride), outputStride);
            }
        }

        for (; r + 1 < starts.Length; r++)
        {
            int start = starts[r];
            ref int rowIndex = ref Unsafe.Add(ref index, start);
            ref float rowValue = ref Unsafe.Add(ref value, start);
            ref float row = ref Unsafe.Add(ref c, (nint)r * outputStride);
            int count = starts[r + 1] - start;
            int column = 0;
            for (; column + 4 * TSimd.Count <= width; column += 4 * TSimd.Count)
            {
                FourVectors<TSimd, TVector>(ref rowIndex, ref rowValue, count, ref Unsafe.Add(ref b, column), stride, ref Unsafe.Add(ref row, column));
            }

            for (; column + 2 * TSimd.Count <= width; column += 2 * TSimd.Count)
            {
                TwoVectors<TSimd, TVector>(ref rowIndex, ref rowValue, count, ref Unsafe.Add(ref b, column), stride, ref Unsafe.Add(ref row, column));
            }

            for (; column < width; column += TSimd.Count)
            {
                OneVector<TSimd, TVector>(ref rowIndex, ref rowValue, count, ref Unsafe.Add(ref b, column), stride, ref Unsafe.Add(ref row, column));
            }
        }
    }

    /// <summary>Two rows at once, each of two vectors: four sums under way hide the latency of a fused multiply-add, two don't.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRows<TSimd, TVector>(
        ref int index, ref float value, int count0, int count1, ref float b, nint rightStride, ref float row0, nint outputStride)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        ref float row1 = ref Unsafe.Add(ref row0, outputStride);
        ref int index1 = ref Unsafe.Add(ref index, count0);
        ref float value1 = ref Unsafe.Add(ref value, count0);
        TVector s00 = TSimd.Load(ref row0, 0), s01 = TSimd.Load(ref row0, TSimd.Count);
        TVector s10 = TSimd.Load(ref row1, 0), s11 = TSimd.Load(ref row1, TSimd.Count);
        nint n = 0;
        for (nint both = Math.Min(count0, count1); n < both; n++)
        {
            ref float w0 = ref Unsafe.Add(ref b, Unsafe.Add(ref index, n) * rightStride);
            ref float w1 = ref Unsafe.Add(ref b, Unsafe.Add(ref index1, n) * rightStride);
            TVector x0 = TSimd.Broadcast(Unsafe.Add(ref value, n)), x1 = TSimd.Broadcast(Unsafe.Add(ref value1, n));
            s00 = TSimd.MultiplyAdd(x0, TSimd.Load(ref w0, 0), s00);
            s01 = TSimd.MultiplyAdd(x0, TSimd.Load(ref w0, TSimd.Count), s01);
            s10 = TSimd.MultiplyAdd(x1, TSimd.Load(ref w1, 0), s10);
            s11 = TSimd.MultiplyAdd(x1, TSimd.Load(ref w1, TSimd.Count), s11);
        }

        TSimd.Store(s00, ref row0, 0);
        TSimd.Store(s01, ref row0, TSimd.Count);
        TSimd.Store(s10, ref row1, 0);
        TSimd.Store(s11, ref row1, TSimd.Count);
        TwoVectors<TSimd, TVector>(ref Unsafe.Add(ref index, n), ref Unsafe.Add(ref value, n), count0 - (int)n, ref b, rightStride, ref row0);
        TwoVectors<TSimd, TVector>(ref Unsafe.Add(ref index1, n), ref Unsafe.Add(ref value1, n), count1 - (int)n, ref b, rightStride, ref row1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourVectors<TSimd, TVector>(ref int index, ref float value, int count, ref float b, nint rightStride, ref float row)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector s0 = TSimd.Load(ref row, 0), s1 = TSimd.Load(ref row, TSimd.Count);
        TVector s2 = TSimd.Load(ref row, 2 * TSimd.Count), s3 = TSimd.Load(ref row, 3 * TSimd.Count);
        for (nint n = 0; n < count; n++)
        {
            ref float w = ref Unsafe.Add(ref b, Unsafe.Add(ref index, n) * rightStride);
            TVector x = TSimd.Broadcast(Unsafe.Add(ref value, n));
            s0 = TSimd.MultiplyAdd(x, TSimd.Load(ref w, 0), s0);
            s1 = TSimd.MultiplyAdd(x, TSimd.Load(ref w, TSimd.Count), s1);
            s2 = TSimd.MultiplyAdd(x, TSimd.Load(ref w, 2 * TSimd.Count), s2);
            s3 = TSimd.MultiplyAdd(x, TSimd.Load(ref w, 3 * TSimd.Count), s3);
        }

        TSimd.Store(s0, ref row, 0);
        TSimd.Store(s1, ref row, TSimd.Count);
        TSimd.Store(s2, ref row, 2 * TSimd.Count);
        TSimd.Store(s3, ref row, 3 * TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoVectors<TSimd, TVector>(ref int index, ref float value, int count, ref float b, nint rightStride, ref float row)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector s0 = TSimd.Load(ref row, 0), s1 = TSimd.Load(ref row, TSimd.Count);
        for (nint n = 0; n < count; n++)
        {
            ref float w = ref Unsafe.Add(ref b, Unsafe.Add(ref index, n) * rightStride);
            TVector x = TSimd.Broadcast(Unsafe.Add(ref value, n));
            s0 = TSimd.MultiplyAdd(x, TSimd.Load(ref w, 0), s0);
            s1 = TSimd.MultiplyAdd(x, TSimd.Load(ref w, TSimd.Count), s1);
        }

        TSimd.Store(s0, ref row, 0);
        TSimd.Store(s1, ref row, TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneVector<TSimd, TVector>(ref int index, ref float value, int count, ref float b, nint rightStride, ref float row)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector s0 = TSimd.Load(ref row, 0);
        for (nint n = 0; n < count; n++)
        {
            ref float w = ref Unsafe.Add(ref b, Unsafe.Add(ref index, n) * rightStride);
            s0 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref value, n)), TSimd.Load(ref w, 0), s0);
        }

        TSimd.Store(s0, ref row, 0);
    }
}
