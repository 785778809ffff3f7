using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Kernels;

/// <summary>The non-zero values of many rows and the indices of their inputs, row after row (compressed sparse rows).</summary>
/// <remarks>
/// An index has 2 bytes if all inputs fit: training reads every entry twice in an epoch, the first time from memory.
/// </remarks>
internal sealed class CsrStorage
{
    /// <summary>Makes an empty storage, to be appended to.</summary>
    public CsrStorage(int inputCount)
    {
        HasShortIndices = inputCount <= ushort.MaxValue + 1;
    }

    /// <summary>Copies entries.</summary>
    public CsrStorage(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, int inputCount)
        : this(inputCount)
    {
        Allocate(indices.Length);
        Append(indices, values);
    }

    /// <summary>Gets whether the indices are in <see cref="ShortIndices"/>; otherwise they are in <see cref="Indices"/>.</summary>
    public bool HasShortIndices { get; }

    public float[] Values { get; private set; } = [];

    public ushort[] ShortIndices { get; private set; } = [];

    public int[] Indices { get; private set; } = [];

    /// <summary>Gets the number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>Removes all entries and keeps the memory.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends entries.</summary>
    /// <param name="indices">Ascending within a row.</param>
    public void Append(ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
    {
        EnsureRoom(indices.Length);
        values.CopyTo(Values.AsSpan(Count));
        if (HasShortIndices)
        {
            Narrow(indices, ShortIndices.AsSpan(Count, indices.Length));
        }
        else
        {
            indices.CopyTo(Indices.AsSpan(Count));
        }

        Count += indices.Length;
    }

    /// <summary>Appends a copy of a row's entries.</summary>
    /// <param name="row">Entries with indices of the same width as here.</param>
    /// <returns>The copy.</returns>
    public SparseRow Append(SparseRow row)
    {
        EnsureRoom(row.Count);
        row.Values.CopyTo(Values.AsSpan(Count));
        if (HasShortIndices)
        {
            row.Indices<ushort>().CopyTo(ShortIndices.AsSpan(Count));
        }
        else
        {
            row.Indices<int>().CopyTo(Indices.AsSpan(Count));
        }

        Count += row.Count;
        return new SparseRow(this, Count - row.Count, Count);
    }

    /// <summary>Appends entries that the caller then sets.</summary>
    public SparseRow AppendUninitialized(int count)
    {
        EnsureRoom(count);
        Count += count;
        return new SparseRow(this, Count - count, Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(ReadOnlySpan<int> indices, Span<ushort> narrow)
    {
        for (int n = 0; n < narrow.Length; n++)
        {
            narrow[n] = (ushort)indices[n];
        }
    }

    private void EnsureRoom(int count)
    {
        int needed = checked(Count + count);
        if (needed > Values.Length)
        {
            Allocate(Math.Max(needed, (int)Math.Min(2L * Values.Length, Array.MaxLength)));
        }
    }

    private void Allocate(int length)
    {
        Values = Grown(Values, length);
        ShortIndices = HasShortIndices ? Grown(ShortIndices, length) : [];
        Indices = HasShortIndices ? [] : Grown(Indices, length);
    }

    private T[] Grown<T>(T[] array, int length)
    {
        // Not initialized: rows refer only to entries below Count, which have been appended.
        T[] grown = GC.AllocateUninitializedArray<T>(length);
        array.AsSpan(0, Count).CopyTo(grown);
        return grown;
    }
}

/// <summary>A view of the entries of one row, or of a range of its inputs; nothing is copied.</summary>
/// <param name="entries">The storage of the entries.</param>
/// <param name="start">The position of the first entry.</param>
/// <param name="end">The position after the last entry.</param>
internal readonly struct SparseRow(CsrStorage entries, int start, int end)
{
    public CsrStorage Entries => entries;

    public int Start => start;

    public int End => end;

    public int Count => end - start;

    public Span<float> Values => entries.Values.AsSpan(start, end - start);

    /// <summary>Gets a reference to the first value; it must not be read if there are no entries.</summary>
    public ref float FirstValue
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(entries.Values), start);
    }

    /// <summary>The inputs of the entries, ascending.</summary>
    /// <typeparam name="TIndex"><see cref="ushort"/> or <see cref="int"/>, by <see cref="CsrStorage.HasShortIndices"/>.</typeparam>
    public ReadOnlySpan<TIndex> Indices<TIndex>()
        where TIndex : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref FirstIndex<TIndex>(), end - start);

    /// <summary>Gets a reference to the input of the first entry; it must not be read if there are no entries.</summary>
    /// <typeparam name="TIndex"><see cref="ushort"/> or <see cref="int"/>, by <see cref="CsrStorage.HasShortIndices"/>.</typeparam>
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

    /// <summary>The entries of inputs <paramref name="firstInput"/> … <paramref name="endInput"/> - 1, found by binary search.</summary>
    public SparseRow Between(int firstInput, int endInput) => new(entries, start + LowerBound(firstInput), start + LowerBound(endInput));

    /// <summary>Writes the inputs of the entries as 4 bytes each.</summary>
    public void CopyIndices(Span<int> destination)
    {
        if (entries.HasShortIndices)
        {
            Widen(Indices<ushort>(), MemoryMarshal.Cast<int, uint>(destination));
        }
        else
        {
            Indices<int>().CopyTo(destination);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(ReadOnlySpan<ushort> narrow, Span<uint> destination)
    {
        int n = 0;
        for (; n <= narrow.Length - Vector<ushort>.Count; n += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(narrow[n..]), out Vector<uint> low, out Vector<uint> high);
            low.CopyTo(destination[n..]);
            high.CopyTo(destination[(n + Vector<uint>.Count)..]);
        }

        for (; n < narrow.Length; n++)
        {
            destination[n] = narrow[n];
        }
    }

    /// <summary>Prefetches the entries into the second-level cache, without waiting for them.</summary>
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

    /// <summary>The number of entries with inputs below <paramref name="input"/>.</summary>
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
