using System.Numerics;
using System.Runtime.CompilerServices;

namespace MnistMlNet.Kernels;

/// <summary>The inner loops of the sparse products: the sums of a row stay in registers during the loop over its entries.</summary>
/// <remarks>
/// <c>index</c> and <c>value</c> belong to the first entry; <c>b</c> and <c>row</c> are the first of the added columns of B and of the row
/// of C.
/// </remarks>
internal static class SparseSums
{
    /// <summary>All columns of one row, in blocks as wide as the registers allow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row<TSimd, TVector, TIndex,
        TPlace>(ref TIndex index, ref float value, int count, ref float b, nint rightStride, ref float row, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TPlace : struct, IEntryAccessor
    {
        int column = 0;
        for (; column + 4 * TSimd.Count <= width; column += 4 * TSimd.Count)
        {
            FourVectors<TSimd, TVector, TIndex,
                TPlace>(ref index, ref value, 0, count, ref Unsafe.Add(ref b, column), rightStride, ref Unsafe.Add(ref row, column));
        }

        for (; column + 2 * TSimd.Count <= width; column += 2 * TSimd.Count)
        {
            TwoVectors<TSimd, TVector, TIndex,
                TPlace>(ref index, ref value, 0, count, ref Unsafe.Add(ref b, column), rightStride, ref Unsafe.Add(ref row, column));
        }

        for (; column < width; column += TSimd.Count)
        {
            OneVector<TSimd, TVector, TIndex,
                TPlace>(ref index, ref value, count, ref Unsafe.Add(ref b, column), rightStride, ref Unsafe.Add(ref row, column));
        }
    }

    /// <summary>Whether <see cref="TwoRows"/> supports rows of this width.</summary>
    public static bool TakesTwoRows<TSimd, TVector>(int width)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        width == 2 * TSimd.Count || width == 4 * TSimd.Count;

    /// <summary>Two rows together: more independent sums hide the latency of a fused multiply-add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TwoRows<TSimd, TVector, TIndex, TPlace>(
        ref TIndex index0, ref TIndex index1, ref float value0, ref float value1, int count0, int count1, ref float b, nint rightStride,
        ref float row0, nint outputStride, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TPlace : struct, IEntryAccessor
    {
        if (width == 2 * TSimd.Count)
        {
            TwoRowsOfTwo<TSimd, TVector, TIndex,
                TPlace>(ref index0, ref index1, ref value0, ref value1, count0, count1, ref b, rightStride, ref row0, outputStride);
        }
        else
        {
            TwoRowsOfFour<TSimd, TVector, TIndex,
                TPlace>(ref index0, ref index1, ref value0, ref value1, count0, count1, ref b, rightStride, ref row0, outputStride);
        }
    }

    /// <summary>Four independent sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRowsOfTwo<TSimd, TVector, TIndex, TPlace>(
        ref TIndex index0, ref TIndex index1, ref float value0, ref float value1, int count0, int count1, ref float b, nint rightStride,
        ref float row0, nint outputStride)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TPlace : struct, IEntryAccessor
    {
        ref float row1 = ref Unsafe.Add(ref row0, outputStride);
        TVector s00 = TSimd.Load(ref row0, 0), s01 = TSimd.Load(ref row0, TSimd.Count);
        TVector s10 = TSimd.Load(ref row1, 0), s11 = TSimd.Load(ref row1, TSimd.Count);
        int both = Math.Min(count0, count1);
        for (nint n = 0; n < both; n++)
        {
            nint i0 = nint.CreateTruncating(TPlace.Index(ref index0, n));
            ref float w0 = ref Unsafe.Add(ref b, i0 * rightStride);
            TVector x0 = TSimd.Broadcast(TPlace.Value(ref value0, n, i0));
            s00 = TSimd.MultiplyAdd(x0, TSimd.Load(ref w0, 0), s00);
            s01 = TSimd.MultiplyAdd(x0, TSimd.Load(ref w0, TSimd.Count), s01);
            nint i1 = nint.CreateTruncating(TPlace.Index(ref index1, n));
            ref float w1 = ref Unsafe.Add(ref b, i1 * rightStride);
            TVector x1 = TSimd.Broadcast(TPlace.Value(ref value1, n, i1));
            s10 = TSimd.MultiplyAdd(x1, TSimd.Load(ref w1, 0), s10);
            s11 = TSimd.MultiplyAdd(x1, TSimd.Load(ref w1, TSimd.Count), s11);
        }

        TSimd.Store(s00, ref row0, 0);
        TSimd.Store(s01, ref row0, TSimd.Count);
        TSimd.Store(s10, ref row1, 0);
        TSimd.Store(s11, ref row1, TSimd.Count);
        TwoVectors<TSimd, TVector, TIndex, TPlace>(ref index0, ref value0, both, count0, ref b, rightStride, ref row0);
        TwoVectors<TSimd, TVector, TIndex, TPlace>(ref index1, ref value1, both, count1, ref b, rightStride, ref row1);
    }

    /// <summary>Eight independent sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRowsOfFour<TSimd, TVector, TIndex, TPlace>(
        ref TIndex index0, ref TIndex index1, ref float value0, ref float value1, int count0, int count1, ref float b, nint rightStride,
        ref float row0, nint outputStride)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TPlace : struct, IEntryAccessor
    {
        ref float row1 = ref Unsafe.Add(ref row0, outputStride);
        TVector s00 = TSimd.Load(ref row0, 0), s01 = TSimd.Load(ref row0, TSimd.Count);
        TVector s02 = TSimd.Load(ref row0, 2 * TSimd.Count), s03 = TSimd.Load(ref row0, 3 * TSimd.Count);
        TVector s10 = TSimd.Load(ref row1, 0), s11 = TSimd.Load(ref row1, TSimd.Count);
        TVector s12 = TSimd.Load(ref row1, 2 * TSimd.Count), s13 = TSimd.Load(ref row1, 3 * TSimd.Count);
        int both = Math.Min(count0, count1);
        for (nint n = 0; n < both; n++)
        {
            nint i0 = nint.CreateTruncating(TPlace.Index(ref index0, n));
            ref float w0 = ref Unsafe.Add(ref b, i0 * rightStride);
            TVector x0 = TSimd.Broadcast(TPlace.Value(ref value0, n, i0));
            s00 = TSimd.MultiplyAdd(x0, TSimd.Load(ref w0, 0), s00);
            s01 = TSimd.MultiplyAdd(x0, TSimd.Load(ref w0, TSimd.Count), s01);
            s02 = TSimd.MultiplyAdd(x0, TSimd.Load(ref w0, 2 * TSimd.Count), s02);
            s03 = TSimd.MultiplyAdd(x0, TSimd.Load(ref w0, 3 * TSimd.Count), s03);
            nint i1 = nint.CreateTruncating(TPlace.Index(ref index1, n));
            ref float w1 = ref Unsafe.Add(ref b, i1 * rightStride);
            TVector x1 = TSimd.Broadcast(TPlace.Value(ref value1, n, i1));
            s10 = TSimd.MultiplyAdd(x1, TSimd.Load(ref w1, 0), s10);
            s11 = TSimd.MultiplyAdd(x1, TSimd.Load(ref w1, TSimd.Count), s11);
            s12 = TSimd.MultiplyAdd(x1, TSimd.Load(ref w1, 2 * TSimd.Count), s12);
            s13 = TSimd.MultiplyAdd(x1, TSimd.Load(ref w1, 3 * TSimd.Count), s13);
        }

        TSimd.Store(s00, ref row0, 0);
        TSimd.Store(s01, ref row0, TSimd.Count);
        TSimd.Store(s02, ref row0, 2 * TSimd.Count);
        TSimd.Store(s03, ref row0, 3 * TSimd.Count);
        TSimd.Store(s10, ref row1, 0);
        TSimd.Store(s11, ref row1, TSimd.Count);
        TSimd.Store(s12, ref row1, 2 * TSimd.Count);
        TSimd.Store(s13, ref row1, 3 * TSimd.Count);
        FourVectors<TSimd, TVector, TIndex, TPlace>(ref index0, ref value0, both, count0, ref b, rightStride, ref row0);
        FourVectors<TSimd, TVector, TIndex, TPlace>(ref index1, ref value1, both, count1, ref b, rightStride, ref row1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourVectors<TSimd, TVector, TIndex,
        TPlace>(ref TIndex index, ref float value, nint n, int count, ref float b, nint rightStride, ref float row)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TPlace : struct, IEntryAccessor
    {
        TVector s0 = TSimd.Load(ref row, 0), s1 = TSimd.Load(ref row, TSimd.Count);
        TVector s2 = TSimd.Load(ref row, 2 * TSimd.Count), s3 = TSimd.Load(ref row, 3 * TSimd.Count);
        for (; n < count; n++)
        {
            nint i = nint.CreateTruncating(TPlace.Index(ref index, n));
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
    private static void TwoVectors<TSimd, TVector, TIndex,
        TPlace>(ref TIndex index, ref float value, nint n, int count, ref float b, nint rightStride, ref float row)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TPlace : struct, IEntryAccessor
    {
        TVector s0 = TSimd.Load(ref row, 0), s1 = TSimd.Load(ref row, TSimd.Count);
        for (; n < count; n++)
        {
            nint i = nint.CreateTruncating(TPlace.Index(ref index, n));
            ref float w = ref Unsafe.Add(ref b, i * rightStride);
            TVector x = TSimd.Broadcast(TPlace.Value(ref value, n, i));
            s0 = TSimd.MultiplyAdd(x, TSimd.Load(ref w, 0), s0);
            s1 = TSimd.MultiplyAdd(x, TSimd.Load(ref w, TSimd.Count), s1);
        }

        TSimd.Store(s0, ref row, 0);
        TSimd.Store(s1, ref row, TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneVector<TSimd, TVector, TIndex,
        TPlace>(ref TIndex index, ref float value, int count, ref float b, nint rightStride, ref float row)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TPlace : struct, IEntryAccessor
    {
        TVector s0 = TSimd.Load(ref row, 0);
        for (nint n = 0; n < count; n++)
        {
            nint i = nint.CreateTruncating(TPlace.Index(ref index, n));
            ref float w = ref Unsafe.Add(ref b, i * rightStride);
            s0 = TSimd.MultiplyAdd(TSimd.Broadcast(TPlace.Value(ref value, n, i)), TSimd.Load(ref w, 0), s0);
        }

        TSimd.Store(s0, ref row, 0);
    }
}

/// <summary>The layout of index and value of the entries. The implementations are structs: the JIT compiles a loop for each.</summary>
internal interface IEntryAccessor
{
    /// <summary>The index of entry n.</summary>
    /// <param name="first">The index of the first entry.</param>
    static abstract ref TIndex Index<TIndex>(ref TIndex first, nint n)
        where TIndex : unmanaged;

    /// <summary>The value of entry n, whose index is i.</summary>
    /// <param name="first">The value of the first entry, or the first value of the whole row.</param>
    static abstract ref float Value(ref float first, nint n, nint i);
}

/// <summary>Values in one array, their indices in another, in the same order.</summary>
internal readonly struct RowEntryAccessor : IEntryAccessor
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref TIndex Index<TIndex>(ref TIndex first, nint n)
        where TIndex : unmanaged => ref Unsafe.Add(ref first, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float Value(ref float first, nint n, nint i) => ref Unsafe.Add(ref first, n);
}

/// <summary>Alternating values and indices: <see cref="TransposedEntry"/>.</summary>
internal readonly struct TransposedEntryAccessor : IEntryAccessor
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref TIndex Index<TIndex>(ref TIndex first, nint n)
        where TIndex : unmanaged => ref Unsafe.Add(ref first, 2 * n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float Value(ref float first, nint n, nint i) => ref Unsafe.Add(ref first, 2 * n);
}

/// <summary>Values in a whole row with its zeros; the indices list some of them.</summary>
internal readonly struct GatheredEntryAccessor : IEntryAccessor
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref TIndex Index<TIndex>(ref TIndex first, nint n)
        where TIndex : unmanaged => ref Unsafe.Add(ref first, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float Value(ref float first, nint n, nint i) => ref Unsafe.Add(ref first, i);
}
