using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>A few thousand packed rows.</summary>
internal sealed class RowBlock
{
    private readonly ushort[]? _shortIndices;
    private readonly int[]? _indices;

    /// <summary>Takes dense rows, row-major.</summary>
    public RowBlock(float[] values)
    {
        Values = values;
        Starts = [];
    }

    /// <summary>Takes sparse rows.</summary>
    /// <param name="starts"><c>[rows + 1]</c>: where the entries of each row start.</param>
    /// <param name="indices">The inputs of the entries; stored in 2 bytes each where <paramref name="inputCount"/> allows.</param>
    /// <param name="values">The values of the entries.</param>
    public RowBlock(ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, int inputCount)
    {
        Starts = starts.ToArray();
        Values = values.ToArray();
        if (inputCount <= ushort.MaxValue + 1)
        {
            _shortIndices = GC.AllocateUninitializedArray<ushort>(indices.Length);
            TensorPrimitives.ConvertTruncating(indices, _shortIndices.AsSpan());
        }
        else
        {
            _indices = indices.ToArray();
        }
    }

    public int[] Starts { get; }

    public float[] Values { get; }

    /// <summary>Brings entries nearer that will be copied soon.</summary>
    public void Prefetch(int start, int count)
    {
        CacheLine.Prefetch<float>(Values.AsSpan(start, count));
        if (_shortIndices is not null)
        {
            CacheLine.Prefetch<ushort>(_shortIndices.AsSpan(start, count));
        }
        else if (_indices is not null)
        {
            CacheLine.Prefetch<int>(_indices.AsSpan(start, count));
        }
    }

    public void AppendTo(IncrementalHash hash)
    {
        hash.AppendData(MemoryMarshal.AsBytes<int>(Starts));
        hash.AppendData(MemoryMarshal.AsBytes<float>(Values));
        hash.AppendData(MemoryMarshal.AsBytes<ushort>(_shortIndices));
        hash.AppendData(MemoryMarshal.AsBytes<int>(_indices));
    }

    /// <summary>Writes entries of one row to their inputs; <paramref name="row"/> is all zeros before.</summary>
    public void Scatter(int start, int count, Span<float> row)
    {
        ReadOnlySpan<float> values = Values.AsSpan(start, count);
        if (_shortIndices is not null)
        {
            ReadOnlySpan<ushort> indices = _shortIndices.AsSpan(start, count);
            for (int n = 0; n < count; n++)
            {
                row[indices[n]] = values[n];
            }
        }
        else
        {
            ReadOnlySpan<int> indices = _indices.AsSpan(start, count);
            for (int n = 0; n < count; n++)
            {
                row[indices[n]] = values[n];
            }
        }
    }

    public void CopyIndices(int start, Span<int> destination)
    {
        if (_shortIndices is not null)
        {
            TensorPrimitives.ConvertTruncating(_shortIndices.AsSpan(start, destination.Length), destination);
        }
        else
        {
            _indices.AsSpan(start, destination.Length).CopyTo(destination);
        }
    }
}
