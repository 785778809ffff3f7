using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary>
/// <see cref="IKernels.MultiplySparse"/>: <c>C[r, :] += Σₙ values[n] · B[indices[n], :]</c> over the entries of row r, and
/// <see cref="IKernels.MultiplyListed"/>, the same with the values where they stand in the whole row.
/// </summary>
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

    /// <summary>The specification.</summary>
    public static void ScalarListed(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> rows, int rowStride, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int width)
    {
        for (int r = 0; r + 1 < starts.Length; r++)
        {
            Span<float> sums = output.Slice(r * outputStride, width);              // C[r, :]
            foreach (int i in indices[starts[r]..starts[r + 1]])
            {
                float x = rows[r * rowStride + i];
                ReadOnlySpan<float> b = right.Slice(i * rightStride, width);       // B[i, :]
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
        Debug.Assert(values.Length >= starts[^1], "starts point beyond the entries.");
        Vector<TSimd, TVector, ByEntry>(starts, indices, values, 0, right, rightStride, output, outputStride, width);
    }

    /// <inheritdoc cref="Vector{TSimd, TVector}"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void VectorListed<TSimd, TVector>(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> rows, int rowStride, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        Vector<TSimd, TVector, ByInput>(starts, indices, rows, rowStride, right, rightStride, output, outputStride, width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Vector<TSimd, TVector, TPlace>(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, nint rowStride, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TPlace : struct, IValuePlace
    {
        Debug.Assert(width % 16 == 0, "Panels are multiples of 16 wide.");
        Debug.Assert(starts.Length < 2 || output.Length >= (starts.Length - 2) * outputStride + width, "output is too short.");
        Debug.Assert(indices.Length >= starts[^1], "starts point beyond the entries.");

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
                TwoRows<TSimd, TVector, TPlace>(
                    ref Unsafe.Add(ref index, starts[r]), ref TPlace.Row(ref value, r * rowStride, starts[r]), ref TPlace.Row(ref value, (r + 1) * rowStride, starts[r + 1]),
                    starts[r + 1] - starts[r], starts[r + 2] - starts[r + 1], ref b, stride, ref Unsafe.Add(ref c, (nint)r * outputStride), outputStride);
            }
        }

        for (; r + 1 < starts.Length; r++)
        {
            int start = starts[r];
            ref int rowIndex = ref Unsafe.Add(ref index, start);
            ref float rowValue = ref TPlace.Row(ref value, r * rowStride, start);
            ref float row = ref Unsafe.Add(ref c, (nint)r * outputStride);
            int count = starts[r + 1] - start;
            int column = 0;
            for (; column + 4 * TSimd.Count <= width; column += 4 * TSimd.Count)
            {
                FourVectors<TSimd, TVector, TPlace>(ref rowIndex, ref rowValue, count, ref Unsafe.Add(ref b, column), stride, ref Unsafe.Add(ref row, column));
            }

            for (; column + 2 * TSimd.Count <= width; column += 2 * TSimd.Count)
            {
                TwoVectors<TSimd, TVector, TPlace>(ref rowIndex, ref rowValue, count, ref Unsafe.Add(ref b, column), stride, ref Unsafe.Add(ref row, column));
            }

            for (; column < width; column += TSimd.Count)
            {
                OneVector<TSimd, TVector, TPlace>(ref rowIndex, ref rowValue, count, ref Unsafe.Add(ref b, column), stride, ref Unsafe.Add(ref row, column));
            }
        }
    }

    /// <summary>Two rows at once, each of two vectors: four sums under way hide the latency of a fused multiply-add, two don't.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRows<TSimd, TVector, TPlace>(
        ref int index, ref float value, ref float value1, int count0, int count1, ref float b, nint rightStride, ref float row0, nint outputStride)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TPlace : struct, IValuePlace
    {
        ref float row1 = ref Unsafe.Add(ref row0, outputStride);
        ref int index1 = ref Unsafe.Add(ref index, count0);
        TVector s00 = TSimd.Load(ref row0, 0), s01 = TSimd.Load(ref row0, TSimd.Count);
        TVector s10 = TSimd.Load(ref row1, 0), s11 = TSimd.Load(ref row1, TSimd.Count);
        nint n = 0;
        for (nint both = Math.Min(count0, count1); n < both; n++)
        {
            int i0 = Unsafe.Add(ref index, n), i1 = Unsafe.Add(ref index1, n);
            ref float w0 = ref Unsafe.Add(ref b, i0 * rightStride);
            ref float w1 = ref Unsafe.Add(ref b, i1 * rightStride);
            TVector x0 = TSimd.Broadcast(TPlace.Value(ref value, n, i0)), x1 = TSimd.Broadcast(TPlace.Value(ref value1, n, i1));
            s00 = TSimd.MultiplyAdd(x0, TSimd.Load(ref w0, 0), s00);
            s01 = TSimd.MultiplyAdd(x0, TSimd.Load(ref w0, TSimd.Count), s01);
            s10 = TSimd.MultiplyAdd(x1, TSimd.Load(ref w1, 0), s10);
            s11 = TSimd.MultiplyAdd(x1, TSimd.Load(ref w1, TSimd.Count), s11);
        }

        TSimd.Store(s00, ref row0, 0);
        TSimd.Store(s01, ref row0, TSimd.Count);
        TSimd.Store(s10, ref row1, 0);
        TSimd.Store(s11, ref row1, TSimd.Count);
        TwoVectors<TSimd, TVector, TPlace>(ref Unsafe.Add(ref index, n), ref TPlace.Row(ref value, 0, n), count0 - (int)n, ref b, rightStride, ref row0);
        TwoVectors<TSimd, TVector, TPlace>(ref Unsafe.Add(ref index1, n), ref TPlace.Row(ref value1, 0, n), count1 - (int)n, ref b, rightStride, ref row1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourVectors<TSimd, TVector, TPlace>(ref int index, ref float value, int count, ref float b, nint rightStride, ref float row)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TPlace : struct, IValuePlace
    {
        TVector s0 = TSimd.Load(ref row, 0), s1 = TSimd.Load(ref row, TSimd.Count);
        TVector s2 = TSimd.Load(ref row, 2 * TSimd.Count), s3 = TSimd.Load(ref row, 3 * TSimd.Count);
        for (nint n = 0; n < count; n++)
        {
            int i = Unsafe.Add(ref index, n);
            ref float w = ref Unsafe.Add(ref b, i * rightStride);
            TVector x = TSimd.Broadcast(TPlace.Value(ref value, n, i));
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
    private static void TwoVectors<TSimd, TVector, TPlace>(ref int index, ref float value, int count, ref float b, nint rightStride, ref float row)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TPlace : struct, IValuePlace
    {
        TVector s0 = TSimd.Load(ref row, 0), s1 = TSimd.Load(ref row, TSimd.Count);
        for (nint n = 0; n < count; n++)
        {
            int i = Unsafe.Add(ref index, n);
            ref float w = ref Unsafe.Add(ref b, i * rightStride);
            TVector x = TSimd.Broadcast(TPlace.Value(ref value, n, i));
            s0 = TSimd.MultiplyAdd(x, TSimd.Load(ref w, 0), s0);
            s1 = TSimd.MultiplyAdd(x, TSimd.Load(ref w, TSimd.Count), s1);
        }

        TSimd.Store(s0, ref row, 0);
        TSimd.Store(s1, ref row, TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneVector<TSimd, TVector, TPlace>(ref int index, ref float value, int count, ref float b, nint rightStride, ref float row)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TPlace : struct, IValuePlace
    {
        TVector s0 = TSimd.Load(ref row, 0);
        for (nint n = 0; n < count; n++)
        {
            int i = Unsafe.Add(ref index, n);
            ref float w = ref Unsafe.Add(ref b, i * rightStride);
            s0 = TSimd.MultiplyAdd(TSimd.Broadcast(TPlace.Value(ref value, n, i)), TSimd.Load(ref w, 0), s0);
        }

        TSimd.Store(s0, ref row, 0);
    }
}
