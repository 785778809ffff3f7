using System.Numerics;
using System.Runtime.CompilerServices;
using MnistMlNet.Data;
using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>The inputs that a sparse batch has values for, in ascending order and numbered from 0.</summary>
/// <remarks>
/// For a wide network whose batches use few of its inputs: the gradient then has a row for each of these inputs only. The set is that of
/// Briggs and Torczon (1993): an input belongs to it if its place refers back to it, so nothing is cleared from batch to batch.
/// </remarks>
internal sealed class BatchInputs(int inputCount, int outputCount)
{
    private readonly int[] _places = new int[inputCount];
    private readonly int _middle = new InputBlocks(inputCount).Middle;
    private int[] _inputs = new int[1024];

    /// <summary>Gets the number of inputs.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the number of them that belong to the first input block.</summary>
    public int Middle { get; private set; }

    /// <summary>Gets the inputs, ascending after <see cref="Sort"/>.</summary>
    public ReadOnlySpan<int> Inputs => _inputs.AsSpan(0, Count);

    /// <summary>Gets the layout of the gradient of their weights.</summary>
    public PanelLayout Layout => new(Count, outputCount);

    /// <summary>Gets the numbers that belong to an input block: first … end - 1.</summary>
    public (int First, int End) RangeOf(int inputBlock) => inputBlock == 0 ? (0, Middle) : (Middle, Count);

    /// <summary>Removes all inputs.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds the inputs of a row.</summary>
    public void Add(SparseRow row)
    {
        if (row.Entries.HasShortIndices)
        {
            Add(row.Indices<ushort>());
        }
        else
        {
            Add(row.Indices<int>());
        }
    }

    /// <summary>Sorts the inputs, so that their numbers are known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Sort()
    {
        _inputs.AsSpan(0, Count).Sort();
        for (int n = 0; n < Count; n++)
        {
            _places[_inputs[n]] = n;
        }

        int found = Inputs.BinarySearch(_middle);
        Middle = found < 0 ? ~found : found;
    }

    /// <summary>Copies a row, with the numbers of its inputs as indices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public SparseRow Copy(SparseRow row, CsrStorage destination)
    {
        SparseRow copy = destination.AppendUninitialized(row.Count);
        row.Values.CopyTo(copy.Values);
        Span<int> numbers = destination.Indices.AsSpan(copy.Start, copy.Count);
        row.CopyIndices(numbers);
        foreach (ref int index in numbers)
        {
            index = _places[index];
        }

        return copy;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add<TIndex>(ReadOnlySpan<TIndex> row)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        if (_inputs.Length < Count + row.Length)
        {
            Array.Resize(ref _inputs, Math.Max(Count + row.Length, 2 * _inputs.Length));
        }

        int[] inputs = _inputs, places = _places;
        int count = Count;
        foreach (TIndex index in row)
        {
            int input = int.CreateTruncating(index), place = places[input];
            if (place >= count || inputs[place] != input)
            {
                places[input] = count;
                inputs[count++] = input;
            }
        }

        Count = count;
    }
}
