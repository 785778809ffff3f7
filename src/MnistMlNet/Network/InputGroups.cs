using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Network;

/// <summary>The entries of a sparse batch regrouped by input (its transpose), for a range of inputs.</summary>
/// <remarks>By counting sort, so the rows of an input keep their order and sums come out the same for any split into ranges.</remarks>
internal sealed class InputGroups
{
    private int[] _starts = [0];
    private int[] _next = [];

    /// <summary>Gets where the entries of input <c>firstInput + i</c> start.</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>Gets the row in the batch of each entry.</summary>
    public int[] Rows { get; private set; } = [];

    /// <summary>Gets the value of each entry.</summary>
    public float[] Values { get; private set; } = [];

    /// <summary>Regroups the entries of inputs <paramref name="firstInput"/> … <paramref name="endInput"/> - 1.</summary>
    /// <param name="ranges">Where they stand in the rows.</param>
    /// <param name="count">How many there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Build(Batch batch, RowRanges ranges, int count, int firstInput, int endInput)
    {
        int inputs = endInput - firstInput;
        if (_starts.Length != inputs + 1)
        {
            _starts = new int[inputs + 1];
            _next = new int[inputs];
        }

        if (Rows.Length < count)
        {
            int length = (int)Math.Min(Math.Max(count, 2L * Rows.Length), Array.MaxLength);
            Rows = new int[length];
            Values = new float[length];
        }

        Array.Clear(_next);

        // No bounds checks here: RowRanges gives only places of the batch whose inputs lie within the range, and the counts make room for each.
        ref int next = ref MemoryMarshal.GetArrayDataReference(_next);
        ref int index = ref MemoryMarshal.GetArrayDataReference(batch.Indices);
        ref float value = ref MemoryMarshal.GetArrayDataReference(batch.Values);
        ref int rows = ref MemoryMarshal.GetArrayDataReference(Rows);
        ref float values = ref MemoryMarshal.GetArrayDataReference(Values);
        ReadOnlySpan<int> starts = ranges.Starts, ends = ranges.Ends;
        for (int r = 0; r < starts.Length; r++)
        {
            for (nint n = starts[r]; n < ends[r]; n++)
            {
                Unsafe.Add(ref next, Unsafe.Add(ref index, n) - firstInput)++;
            }
        }

        int start = 0;
        for (int i = 0; i < inputs; i++)
        {
            int entries = _next[i];
            _starts[i] = _next[i] = start;
            start += entries;
        }

        _starts[inputs] = start;
        for (int r = 0; r < starts.Length; r++)
        {
            for (nint n = starts[r]; n < ends[r]; n++)
            {
                nint place = Unsafe.Add(ref next, Unsafe.Add(ref index, n) - firstInput)++;
                Unsafe.Add(ref rows, place) = r;
                Unsafe.Add(ref values, place) = Unsafe.Add(ref value, n);
            }
        }
    }
}
