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
        for (int r = 0; r + 1 < starts.Length; r++)
        {
            int start = starts[r];
            ref int rowIndex = ref Unsafe.Add(ref index, start);
            ref float rowValue = ref Unsafe.Add(ref value, start);
            ref float row = ref Unsafe.Add(ref c, (nint)r * outputStride);
            int count = starts[r + 1] - start;
            int column = 0;
            for (; column + 4 * TSimd.Count <= width; column += 4 * TSimd.Count)
            {
                FourVectors<TSimd, TVector>(ref rowIndex, ref rowValue, count, ref Unsafe.Add(ref b, column), rightStride, ref Unsafe.Add(ref row, column));
            }

            for (; column + 2 * TSimd.Count <= width; column += 2 * TSimd.Count)
            {
                TwoVectors<TSimd, TVector>(ref rowIndex, ref rowValue, count, ref Unsafe.Add(ref b, column), rightStride, ref Unsafe.Add(ref row, column));
            }

            for (; column < width; column += TSimd.Count)
            {
                OneVector<TSimd, TVector>(ref rowIndex, ref rowValue, count, ref Unsafe.Add(ref b, column), rightStride, ref Unsafe.Add(ref row, column));
            }
        }
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
