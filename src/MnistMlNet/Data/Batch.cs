using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>Some rows side by side: what the network sees at once.</summary>
/// <remarks>
/// Either sparse (<see cref="SparseRows"/>: the rows stay where they are, or where a worker changed a copy) or dense (<see cref="Dense"/>:
/// copies). Buffers are reused from batch to batch.
/// </remarks>
internal sealed class Batch
{
    private readonly SparseRow[][] _rows = new SparseRow[InputBlocks.Count][];

    public Batch(int inputCount, bool isSparse, int capacity)
    {
        InputCount = inputCount;
        Halves = new InputBlocks(inputCount);
        Capacity = capacity;
        Labels = new int[capacity];
        Weights = new float[capacity];
        for (int half = 0; half < _rows.Length; half++)
        {
            _rows[half] = new SparseRow[capacity];
        }

        Dense = new AlignedArray(0);
        Store(isSparse);
    }

    public int InputCount { get; }

    public InputBlocks Halves { get; }

    /// <summary>Gets in which of the two forms the rows stand.</summary>
    public bool IsSparse { get; private set; }

    public int Capacity { get; }

    /// <summary>Gets or sets how many rows are there now.</summary>
    public int RowCount { get; set; }

    /// <summary>Gets the 0-based class of each row.</summary>
    public int[] Labels { get; }

    /// <summary>Gets the weight of each row.</summary>
    public float[] Weights { get; }

    /// <summary>Gets the rows <c>[RowCount, I]</c> of a dense batch, each <see cref="DenseStride"/> apart.</summary>
    public AlignedArray Dense { get; private set; }

    /// <summary>
    /// Gets the distance of dense rows, a multiple of 16 that isn't one of 256: rows a multiple of 1 KB apart would share few cache sets.
    /// </summary>
    public int DenseStride => RowStride(InputCount);

    public static int RowStride(int count)
    {
        int padded = AlignedArray.Pad(count);
        return padded % 256 == 0 ? padded + AlignedArray.LaneCount : padded;
    }

    /// <summary>The entries of one half of the inputs, row by row, of a sparse batch.</summary>
    public Span<SparseRow> SparseRows(int half) => _rows[half].AsSpan(0, RowCount);

    /// <summary>The values of one half of the inputs of a row of a dense batch.</summary>
    public Span<float> DenseRow(int row, int half) =>
        Dense.Slice(row * DenseStride + Halves.First(half), Halves.End(half) - Halves.First(half));

    /// <summary>Changes the form in which the next rows stand.</summary>
    public void Store(bool isSparse)
    {
        IsSparse = isSparse;
        if (!isSparse && Dense.Length == 0)
        {
            Dense = new AlignedArray(checked(Capacity * DenseStride));
        }
    }
}

/// <summary>
/// The inputs cut in two, for ever at the same place: while training, sums over inputs are the sum of the first half plus that of the
/// second. (Predictions add all in one go.)
/// </summary>
/// <remarks>
/// So two cores can each do one half for all rows, with the half of W1 that no other core touches, and the bits are those of one core.
/// The place depends on nothing but the number of inputs, so rows train alike whether they are packed sparse or dense, whole or in windows.
/// </remarks>
internal readonly struct InputBlocks(int inputCount)
{
    /// <summary>How many halves there are.</summary>
    public const int Count = 2;

    /// <summary>
    /// Gets the first input of the second half: a multiple of 16, or all inputs where there are no more, so that two workers don't write to
    /// one cache line of a dense row.
    /// </summary>
    public int Middle => Math.Min(AlignedArray.Pad((inputCount + 1) / 2), inputCount);

    public int First(int half) => half == 0 ? 0 : Middle;

    public int End(int half) => half == 0 ? Middle : inputCount;
}
