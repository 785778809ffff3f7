using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Kernels;

/// <summary>The entries of one row, or of some inputs of it, where they stand: nothing is copied.</summary>
/// <param name="entries">Where the entries stand.</param>
/// <param name="start">The first one.</param>
/// <param name="end">Behind the last one.</param>
internal readonly struct SparseRow(SparseEntries entries, int start, int end)
{
    public SparseEntries Entries => entries;

    public int Start => start;

    public int End => end;

    public int Count => end - start;

    public Span<float> Values => entries.Values.AsSpan(start, end - start);

    /// <summary>Gets the first value; not to be read where there is none.</summary>
    public ref float FirstValue
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(entries.Values), start);
    }

    /// <summary>The inputs of the entries, ascending.</summary>
    /// <typeparam name="TIndex"><see cref="ushort"/> or <see cref="int"/>, by <see cref="SparseEntries.HasShortIndices"/>.</typeparam>
    public ReadOnlySpan<TIndex> Indices<TIndex>()
        where TIndex : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref FirstIndex<TIndex>(), end - start);

    /// <summary>The input of the first entry; not to be read where there is none.</summary>
    /// <typeparam name="TIndex"><see cref="ushort"/> or <see cref="int"/>, by <see cref="SparseEntries.HasShortIndices"/>.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TIndex FirstIndex<TIndex>()
        where TIndex : unmanaged =>
        ref Unsafe.Add(
            ref typeof(TIndex) == typeof(ushort)
                ? ref Unsafe.As<ushort, TIndex>(ref MemoryMarshal.GetArrayDataReference(entries.ShortIndices))
                : ref Unsafe.As<int, TIndex>(ref MemoryMarshal.GetArrayDataReference(entries.Indices)),
            start);

    /// <summary>The input of entry <paramref name="n"/>, counted from 0.</summary>
    public int Index(int n) => entries.HasShortIndices ? entries.ShortIndices[start + n] : entries.Indices[start + n];

    /// <summary>The entries of inputs <paramref name="firstInput"/> … <paramref name="endInput"/> - 1, found by bisection.</summary>
    public SparseRow Between(int firstInput, int endInput) => new(entries, start + LowerBound(firstInput), start + LowerBound(endInput));

    /// <summary>Writes the inputs of the entries as 4 bytes each.</summary>
    public void CopyIndices(Span<int> destination)
    {
        if (entries.HasShortIndices)
        {
            TensorPrimitives.ConvertTruncating(Indices<ushort>(), destination);
        }
        else
        {
            Indices<int>().CopyTo(destination);
        }
    }

    /// <summary>Brings the entries into the second-level cache, without waiting for them.</summary>
    public void Prefetch()
    {
        CacheLine.Prefetch<float>(Values);
        if (entries.HasShortIndices)
        {
            CacheLine.Prefetch(Indices<ushort>());
        }
        else
        {
            CacheLine.Prefetch(Indices<int>());
        }
    }

    /// <summary>How many entries belong to inputs below <paramref name="input"/>.</summary>
    private int LowerBound(int input)
    {
        if (entries.HasShortIndices)
        {
            return input > ushort.MaxValue ? Count : Place(Indices<ushort>().BinarySearch((ushort)input));
        }

        return Place(Indices<int>().BinarySearch(input));

        static int Place(int found) => found < 0 ? ~found : found;
    }
}
