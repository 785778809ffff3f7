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
    /// <summary>The reference implementation.</summary>
    public static int Scalar(ReadOnlySpan<float> row, Span<int> indices) => Rest(row, 0, indices, 0);

    /// <summary>
    /// The vector form: a mask of the non-zero lanes of each vector, then either a loop over its set bits or the compress instruction.
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

    /// <summary>With the compress instruction, which packs the selected lanes of a vector: no work for each single position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Compressed(ReadOnlySpan<float> row, Span<int> indices)
    {
        ref float x = ref MemoryMarshal.GetReference(row);
        ref int index = ref MemoryMarshal.GetReference(indices);
        Vector512<int> lanes = Vector512<int>.Indices;
        int count = 0;
        int i = 0;

        // Whole vectors are stored: count ≤ i, so 16 more values fit as long as the row has 16 more.
        for (; i + Vector512<float>.Count <= row.Length; i += Vector512<float>.Count)
        {
            Vector512<float> found = Vector512.LoadUnsafe(ref x, (nuint)i);
            Avx512F.Compress(Vector512<int>.Zero, Avx512F.CompareNotEqual(found, Vector512<float>.Zero).AsInt32(), lanes)
                .StoreUnsafe(ref index, (nuint)count);
            lanes += Vector512.Create(Vector512<int>.Count);

            // Counted by the opposite comparison: if a mask is used twice, the JIT converts it to a vector and back, which takes a third of
            // the loop's time.
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
