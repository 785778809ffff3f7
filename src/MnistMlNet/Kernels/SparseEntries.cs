using System.Numerics.Tensors;

namespace MnistMlNet.Kernels;

/// <summary>Values that aren't 0, and the inputs that they belong to, of many rows one behind the other.</summary>
/// <remarks>An input takes 2 bytes where that tells all of them apart: training reads every entry twice in an epoch, the first time from memory.</remarks>
internal sealed class SparseEntries
{
    /// <summary>Makes an empty list, to be appended to.</summary>
    public SparseEntries(int inputCount)
    {
        HasShortIndices = inputCount <= ushort.MaxValue + 1;
    }

    /// <summary>Copies entries.</summary>
    public SparseEntries(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, int inputCount)
        : this(inputCount)
    {
        Allocate(indices.Length);
        Append(indices, values);
    }

    /// <summary>Gets whether inputs stand in <see cref="ShortIndices"/>, else in <see cref="Indices"/>.</summary>
    public bool HasShortIndices { get; }

    public float[] Values { get; private set; } = [];

    public ushort[] ShortIndices { get; private set; } = [];

    public int[] Indices { get; private set; } = [];

    /// <summary>Gets how many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all entries, and keeps their room.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends entries.</summary>
    /// <param name="indices">Ascending within a row.</param>
    public void Append(ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
    {
        EnsureRoom(indices.Length);
        values.CopyTo(Values.AsSpan(Count));
        if (HasShortIndices)
        {
            TensorPrimitives.ConvertTruncating(indices, ShortIndices.AsSpan(Count, indices.Length));
        }
        else
        {
            indices.CopyTo(Indices.AsSpan(Count));
        }

        Count += indices.Length;
    }

    /// <summary>Appends a copy of a row's entries.</summary>
    /// <param name="row">Entries whose inputs are as wide as these.</param>
    /// <returns>Where the copy stands.</returns>
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
        // Rows refer only to entries below Count, and these have been appended.
        T[] grown = GC.AllocateUninitializedArray<T>(length);
        array.AsSpan(0, Count).CopyTo(grown);
        return grown;
    }
}
