using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.ScatterSparse"/>: <c>C[i - first, :] += x · B[r, :]</c> for every entry (i, x) of every row r with i below a bound.</summary>
internal static class SparseScatter
{
    /// <summary>The specification.</summary>
    public static void Scalar(
        Span<int> positions, ReadOnlySpan<int> ends, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, int firstIndex, int endIndex,
        ReadOnlySpan<float> right, int rightStride, Span<float> output, int outputStride, int width)
    {
        for (int r = 0; r < positions.Length; r++)
        {
            ReadOnlySpan<float> b = right.Slice(r * rightStride, width);                               // B[r, :]
            for (; positions[r] < ends[r] && indices[positions[r]] < endIndex; positions[r]++)
            {
                float x = values[positions[r]];
                Span<float> sums = output.Slice((indices[positions[r]] - firstIndex) * outputStride, width);   // C[i - first, :]
                for (int c = 0; c < width; c++)
                {
                    sums[c] += x * b[c];
                }
            }
        }
    }

    /// <summary>The same in vectors: B[r, :] stays in registers while the entries of row r pass by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(
        Span<int> positions, ReadOnlySpan<int> ends, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, int firstIndex, int endIndex,
        ReadOnlySpan<float> right, int rightStride, Span<float> output, int outputStride, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(width % 16 == 0, "Panels are multiples of 16 wide.");
        Debug.Assert(ends.Length >= positions.Length, "Each row needs an end.");
        Debug.Assert(output.Length >= (endIndex - firstIndex - 1) * outputStride + width, "output is too short.");
        ref int index = ref MemoryMarshal.GetReference(indices);
        ref float value = ref MemoryMarshal.GetReference(values);
        ref float b = ref MemoryMarshal.GetReference(right);
        ref float c = ref MemoryMarshal.GetReference(output);
        nint stride = outputStride;                                                 // widened once, not for each entry
        for (int r = 0; r < positions.Length; r++)
        {
            int first = positions[r], end = ends[r];
            int last = first;
            ref float row = ref Unsafe.Add(ref b, (nint)r * rightStride);
            int column = 0;
            for (; column + 4 * TSimd.Count <= width; column += 4 * TSimd.Count)
            {
                last = FourVectors<TSimd, TVector>(ref index, ref value, first, end, firstIndex, endIndex, ref Unsafe.Add(ref row, column), ref Unsafe.Add(ref c, column), stride);
            }

            for (; column + 2 * TSimd.Count <= width; column += 2 * TSimd.Count)
            {
                last = TwoVectors<TSimd, TVector>(ref index, ref value, first, end, firstIndex, endIndex, ref Unsafe.Add(ref row, column), ref Unsafe.Add(ref c, column), stride);
            }

            for (; column < width; column += TSimd.Count)
            {
                last = OneVector<TSimd, TVector>(ref index, ref value, first, end, firstIndex, endIndex, ref Unsafe.Add(ref row, column), ref Unsafe.Add(ref c, column), stride);
            }

            positions[r] = last;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FourVectors<TSimd, TVector>(ref int index, ref float value, int n, int end, int firstIndex, int endIndex, ref float row, ref float c, nint outputStride)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector b0 = TSimd.Load(ref row, 0), b1 = TSimd.Load(ref row, TSimd.Count);
        TVector b2 = TSimd.Load(ref row, 2 * TSimd.Count), b3 = TSimd.Load(ref row, 3 * TSimd.Count);
        int i;
        for (; n < end && (i = Unsafe.Add(ref index, n)) < endIndex; n++)
        {
            ref float sums = ref Unsafe.Add(ref c, (i - firstIndex) * outputStride);
            TVector x = TSimd.Broadcast(Unsafe.Add(ref value, n));
            TSimd.Store(TSimd.MultiplyAdd(x, b0, TSimd.Load(ref sums, 0)), ref sums, 0);
            TSimd.Store(TSimd.MultiplyAdd(x, b1, TSimd.Load(ref sums, TSimd.Count)), ref sums, TSimd.Count);
            TSimd.Store(TSimd.MultiplyAdd(x, b2, TSimd.Load(ref sums, 2 * TSimd.Count)), ref sums, 2 * TSimd.Count);
            TSimd.Store(TSimd.MultiplyAdd(x, b3, TSimd.Load(ref sums, 3 * TSimd.Count)), ref sums, 3 * TSimd.Count);
        }

        return n;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TwoVectors<TSimd, TVector>(ref int index, ref float value, int n, int end, int firstIndex, int endIndex, ref float row, ref float c, nint outputStride)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector b0 = TSimd.Load(ref row, 0), b1 = TSimd.Load(ref row, TSimd.Count);
        int i;
        for (; n < end && (i = Unsafe.Add(ref index, n)) < endIndex; n++)
        {
            ref float sums = ref Unsafe.Add(ref c, (i - firstIndex) * outputStride);
            TVector x = TSimd.Broadcast(Unsafe.Add(ref value, n));
            TSimd.Store(TSimd.MultiplyAdd(x, b0, TSimd.Load(ref sums, 0)), ref sums, 0);
            TSimd.Store(TSimd.MultiplyAdd(x, b1, TSimd.Load(ref sums, TSimd.Count)), ref sums, TSimd.Count);
        }

        return n;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int OneVector<TSimd, TVector>(ref int index, ref float value, int n, int end, int firstIndex, int endIndex, ref float row, ref float c, nint outputStride)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector b0 = TSimd.Load(ref row, 0);
        int i;
        for (; n < end && (i = Unsafe.Add(ref index, n)) < endIndex; n++)
        {
            ref float sums = ref Unsafe.Add(ref c, (i - firstIndex) * outputStride);
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref value, n)), b0, TSimd.Load(ref sums, 0)), ref sums, 0);
        }

        return n;
    }
}
