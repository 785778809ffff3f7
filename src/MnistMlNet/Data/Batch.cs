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
    private readonly int _targetCount;
    private readonly SparseRow[][] _rows = new SparseRow[InputBlocks.Count][];

    /// <param name="targetCount">The targets of a row; 0 where its label is a class.</param>
    public Batch(int inputCount, bool isSparse, int capacity, int targetCount = 0)
    {
        InputCount = inputCount;
        InputBlocks = new InputBlocks(inputCount);
        Capacity = capacity;
        Labels = new int[capacity];
        Weights = new float[capacity];
        _targetCount = targetCount;
        Targets = new AlignedArray(targetCount == 0 ? 0 : checked(capacity * TargetStride));
        Targets.Span.Fill(float.NaN);
        for (int inputBlock = 0; inputBlock < _rows.Length; inputBlock++)
        {
            _rows[inputBlock] = new SparseRow[capacity];
        }

        Dense = new AlignedArray(0);
        Store(isSparse);
    }

    public int InputCount { get; }

    public InputBlocks InputBlocks { get; }

    /// <summary>Gets in which of the two forms the rows stand.</summary>
    public bool IsSparse { get; private set; }

    public int Capacity { get; }

    /// <summary>Gets or sets how many rows are there now.</summary>
    public int RowCount { get; set; }

    /// <summary>Gets the 0-based class of each row.</summary>
    public int[] Labels { get; }

    /// <summary>Gets the weight of each row.</summary>
    public float[] Weights { get; }

    /// <summary>Gets the targets of each row, padded with NaN, which stands for none; empty where labels are classes.</summary>
    public AlignedArray Targets { get; }

    private int TargetStride => RowStride(_targetCount);

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

    /// <summary>The entries of one input block, row by row, of a sparse batch.</summary>
    public Span<SparseRow> SparseRows(int inputBlock) => _rows[inputBlock].AsSpan(0, RowCount);

    /// <summary>
    /// The values of inputs <paramref name="firstInput"/> … <paramref name="endInput"/> - 1 of rows <paramref name="firstRow"/> …
    /// <paramref name="endRow"/> - 1 of a dense batch.
    /// </summary>
    public MatrixView DenseRows(int firstInput, int endInput, int firstRow, int endRow) =>
        new(Dense.Span[(firstRow * DenseStride + firstInput)..], endRow - firstRow, endInput - firstInput, DenseStride);

    /// <summary>The targets of rows <paramref name="first"/> … <paramref name="end"/> - 1, padding included.</summary>
    public MatrixSpan TargetRows(int first, int end) => new(
        Targets.Slice(first * TargetStride, (end - first) * TargetStride), end - first, AlignedArray.Pad(_targetCount), TargetStride);

    /// <summary>The values of one input block of a row of a dense batch.</summary>
    public Span<float> DenseRow(int row, int inputBlock) =>
        Dense.Slice(row * DenseStride + InputBlocks.First(inputBlock), InputBlocks.End(inputBlock) - InputBlocks.First(inputBlock));

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
/// The two ranges that the inputs are cut into, always at the same place: while training, a sum over inputs is that of the first block plus
/// that of the second. (Predictions add all in one go.)
/// </summary>
/// <remarks>
/// So two cores can each do one block for all rows, with the part of W1 that no other core touches, and the bits are those of one core.
/// The place depends on nothing but the number of inputs, so rows train alike whether they are packed sparse or dense, whole or in windows.
/// </remarks>
internal readonly struct InputBlocks(int inputCount)
{
    /// <summary>How many blocks there are.</summary>
    public const int Count = 2;

    /// <summary>
    /// Gets the first input of the second block: a multiple of 16, or all inputs where there are no more, so that two workers don't write
    /// to one cache line of a dense row.
    /// </summary>
    public int Middle => Math.Min(AlignedArray.Pad((inputCount + 1) / 2), inputCount);

    public int First(int inputBlock) => inputBlock == 0 ? 0 : Middle;

    public int End(int inputBlock) => inputBlock == 0 ? Middle : inputCount;
}
