using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.ListNonZeros"/>.</summary>
internal static class NonZeros
{
    /// <summary>The specification.</summary>
    public static int Scalar(ReadOnlySpan<float> row, Span<int> indices) => Rest(row, 0, indices, 0);

    /// <summary>
    /// The same: a mask of the non-zero lanes of each vector, then its set bits one by one, or packed by the instruction made for it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Vector<TSimd, TVector>(ReadOnlySpan<float> row, Span<int> indices)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(indices.Length >= row.Length, "There must be room for all of the row.");
        if (typeof(TSimd) == typeof(Simd512) && Avx512F.IsSupported)
        {
            return Compressed(row, indices);
        }

        ref float x = ref MemoryMarshal.GetReference(row);
        ref int index = ref MemoryMarshal.GetReference(indices);
        int count = 0;
        int i = 0;
        for (; i + TSimd.Count <= row.Length; i += TSimd.Count)
        {
            for (ulong mask = TSimd.NonZeroMask(TSimd.Load(ref x, i)); mask != 0; mask &= mask - 1)
            {
                Unsafe.Add(ref index, count++) = i + BitOperations.TrailingZeroCount(mask);
            }
        }

        return Rest(row, i, indices, count);
    }

    /// <summary>By the instruction made for it, which packs the chosen lanes of a vector: no work at all for each place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Compressed(ReadOnlySpan<float> row, Span<int> indices)
    {
        ref float x = ref MemoryMarshal.GetReference(row);
        ref int index = ref MemoryMarshal.GetReference(indices);
        Vector512<int> lanes = Vector512<int>.Indices;
        int count = 0;
        int i = 0;

        // Whole vectors are stored: count ≤ i, so there is room for 16 more as long as the row has 16 more.
        for (; i + Vector512<float>.Count <= row.Length; i += Vector512<float>.Count)
        {
            Vector512<float> found = Vector512.LoadUnsafe(ref x, (nuint)i);
            Avx512F.Compress(Vector512<int>.Zero, Avx512F.CompareNotEqual(found, Vector512<float>.Zero).AsInt32(), lanes)
                .StoreUnsafe(ref index, (nuint)count);
            lanes += Vector512.Create(Vector512<int>.Count);

            // Counted by the opposite comparison: a mask that is used twice the JIT takes through a vector and back, which costs a third of
            // the loop.
            count += Vector512<int>.Count - BitOperations.PopCount(
                Vector512.Equals(found, Vector512<float>.Zero).ExtractMostSignificantBits());
        }

        return Rest(row, i, indices, count);
    }

    private static int Rest(ReadOnlySpan<float> row, int first, Span<int> indices, int count)
    {
        for (int i = first; i < row.Length; i++)
        {
            if (row[i] != 0)
            {
                indices[count++] = i;
            }
        }

        return count;
    }
}
