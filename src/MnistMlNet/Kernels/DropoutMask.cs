using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.Dropout"/>.</summary>
/// <remarks>
/// Whether an entry is dropped is a hash of the row's key and the entry's index (the finalizer of MurmurHash3, A. Appleby), not the next
/// number of a generator. So sparse and dense rows of the same values drop the same entries, and the order of the work has no effect.
/// The hash uses integers only, so all instruction sets give the same result.
/// </remarks>
internal static class DropoutMask
{
    private const uint Golden = 0x9E3779B9;
    private const uint First = 0x85EBCA6B;
    private const uint Second = 0xC2B2AE35;

    /// <summary>The reference implementation.</summary>
    public static void Scalar(Span<float> values, ReadOnlySpan<int> indices, int firstIndex, uint key, uint threshold, float scale) =>
        Tail(values, indices, firstIndex, key, threshold, scale, 0);

    /// <summary>The vector form, in the vector width that the runtime prefers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector(Span<float> values, ReadOnlySpan<int> indices, int firstIndex, uint key, uint threshold, float scale)
    {
        if (!System.Numerics.Vector.IsHardwareAccelerated)
        {
            Scalar(values, indices, firstIndex, key, threshold, scale);
            return;
        }

        var keys = new Vector<uint>(key);
        var limit = new Vector<uint>(threshold);
        var factor = new Vector<float>(scale);
        ReadOnlySpan<uint> given = MemoryMarshal.Cast<int, uint>(indices);
        int n = 0;
        for (; n <= values.Length - Vector<uint>.Count; n += Vector<uint>.Count)
        {
            Vector<uint> index = given.IsEmpty ? Vector<uint>.Indices
                + new Vector<uint>((uint)(firstIndex + n)) : new Vector<uint>(given[n..]);
            Vector<uint> x = keys + index * Golden;
            x = (x ^ (x >>> 16)) * First;
            x = (x ^ (x >>> 13)) * Second;
            x ^= x >>> 16;
            var kept = System.Numerics.Vector.GreaterThanOrEqual(x, limit).As<uint, float>();
            Span<float> part = values[n..];
            System.Numerics.Vector.BitwiseAnd(kept, new Vector<float>(part) * factor).CopyTo(part);
        }

        Tail(values, indices, firstIndex, key, threshold, scale, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tail(Span<float> values, ReadOnlySpan<int> indices, int firstIndex, uint key, uint threshold, float scale,
        int first)
    {
        for (int n = first; n < values.Length; n++)
        {
            uint x = key + (uint)(indices.IsEmpty ? firstIndex + n : indices[n]) * Golden;
            x = (x ^ (x >> 16)) * First;
            x = (x ^ (x >> 13)) * Second;
            x ^= x >> 16;
            values[n] = x >= threshold ? values[n] * scale : 0;
        }
    }
}
