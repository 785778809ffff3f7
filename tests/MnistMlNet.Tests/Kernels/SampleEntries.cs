using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

/// <summary>Sparse rows to test kernels with.</summary>
internal static class SampleEntries
{
    /// <summary>A number of inputs that needs indices of 2 bytes, and one that needs more.</summary>
    public static int[] InputCounts { get; } = [1 << 16, (1 << 16) + 1];

    /// <summary>Rows whose entries are in one list, split at <paramref name="starts"/>, with a few other entries before them.</summary>
    /// <param name="inputCount">Determines the width of the indices.</param>
    public static SparseRow[] Rows(ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, int inputCount)
    {
        var entries = new CsrStorage(inputCount);
        entries.Append([1, 2, 3], [float.NaN, float.NaN, float.NaN]);
        int before = entries.Count;
        entries.Append(indices, values);
        var rows = new SparseRow[starts.Length - 1];
        for (int r = 0; r < rows.Length; r++)
        {
            rows[r] = new SparseRow(entries, before + starts[r], before + starts[r + 1]);
        }

        return rows;
    }
}
