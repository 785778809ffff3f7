using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>The rows of one mini-batch.</summary>
/// <remarks>
/// Rows are read where they are: a batch has references to the entries of sparse rows, or the addresses of dense ones. Only rows that are
/// changed on their way, by dropout or augmentation, are copied. Buffers are reused from batch to batch.
/// </remarks>
internal sealed class Batch
{
    private readonly int _targetCount;
    private readonly SparseRow[][] _rows = new SparseRow[InputBlocks.Count][];
    private readonly SparseRow[][] _numberedRows = new SparseRow[InputBlocks.Count][];
    private readonly nint[][] _denseRows = new nint[InputBlocks.Count][];
    private nint[] _columns = [];
    private AlignedArray _copies = new(0);

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
            _numberedRows[inputBlock] = new SparseRow[capacity];
            _denseRows[inputBlock] = new nint[capacity];
        }

        Store(isSparse);
    }

    public int InputCount { get; }

    public InputBlocks InputBlocks { get; }

    /// <summary>Gets whether the rows are stored sparse.</summary>
    public bool IsSparse { get; private set; }

    /// <summary>Gets whether dense rows are copied into the batch, at <see cref="CopiedRow(int)"/>.</summary>
    public bool CopiesRows => _copies.Length > 0;

    public int Capacity { get; }

    /// <summary>Gets or sets the current number of rows.</summary>
    public int RowCount { get; set; }

    /// <summary>Gets the 0-based class of each row.</summary>
    public int[] Labels { get; }

    /// <summary>Gets the weight of each row.</summary>
    public float[] Weights { get; }

    /// <summary>Gets the targets of each row, padded with NaN, which stands for none; empty where labels are classes.</summary>
    public AlignedArray Targets { get; }

    private int TargetStride => RowStride(_targetCount);

    /// <summary>
    /// Gets the stride of padded rows: a multiple of 16 that isn't a multiple of 256, since rows at a distance of a multiple of 1 KB
    /// compete for the same few cache sets.
    /// </summary>
    public static int RowStride(int count)
    {
        int padded = AlignedArray.Pad(count);
        return padded % 256 == 0 ? padded + AlignedArray.LaneCount : padded;
    }

    /// <summary>Gets the entries of one input block of a sparse batch, one item for each row.</summary>
    public Span<SparseRow> SparseRows(int inputBlock) => _rows[inputBlock].AsSpan(0, RowCount);

    /// <summary>Gets the same entries with other indices: the numbers of their inputs among the inputs of the batch.</summary>
    public Span<SparseRow> NumberedRows(int inputBlock) => _numberedRows[inputBlock].AsSpan(0, RowCount);

    /// <summary>
    /// Gets the values of inputs <paramref name="firstInput"/> … <paramref name="endInput"/> - 1, all of one input block, of rows
    /// <paramref name="firstRow"/> … <paramref name="endRow"/> - 1 of a dense batch.
    /// </summary>
    /// <param name="areNew">Whether the rows are read for the first time, so that those in the data set must come from memory.</param>
    public AddressedMatrix DenseRows(int inputBlock, int firstInput, int endInput, int firstRow, int endRow, bool areNew = false) =>
        new(_denseRows[inputBlock].AsSpan(firstRow..endRow), _columns.AsSpan(firstInput..endInput), areNew && !CopiesRows);

    /// <summary>Gets the targets of rows <paramref name="first"/> … <paramref name="end"/> - 1, padding included.</summary>
    public MatrixSpan TargetRows(int first, int end) => new(
        Targets.Slice(first * TargetStride, (end - first) * TargetStride), end - first, AlignedArray.Pad(_targetCount), TargetStride);

    /// <summary>Sets the row from which one input block of a dense row is read.</summary>
    /// <param name="values">The whole row <c>[I]</c>, in an <see cref="AlignedArray"/> that stays alive until another row takes its place.
    /// </param>
    public void SetDenseRow(int inputBlock, int row, ReadOnlySpan<float> values)
    {
        unsafe
        {
            // SAFETY: such an array never moves. That of a data set lives as long as its owner, who sets rows again before each batch.
            _denseRows[inputBlock][row] = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(values));
        }
    }

    /// <summary>Gets one input block of the batch's own copy of a dense row.</summary>
    public Span<float> CopiedRow(int inputBlock, int row) =>
        CopiedRow(row)[InputBlocks.First(inputBlock)..InputBlocks.End(inputBlock)];

    /// <summary>Gets the batch's own copy of a dense row.</summary>
    public Span<float> CopiedRow(int row) => _copies.Slice(row * RowStride(InputCount), InputCount);

    /// <summary>Chooses sparse or dense storage for the next rows.</summary>
    public void Store(bool isSparse)
    {
        IsSparse = isSparse;
        if (!isSparse && _columns.Length == 0)
        {
            _columns = [.. Enumerable.Range(0, InputCount).Select(i => (nint)i * sizeof(float))];
        }
    }

    /// <summary>Refers to copies of dense rows, which may be changed, instead of the rows themselves.</summary>
    public void CopyRows()
    {
        if (CopiesRows)
        {
            return;
        }

        _copies = new AlignedArray(checked(Capacity * RowStride(InputCount)));
        for (int row = 0; row < Capacity; row++)
        {
            for (int inputBlock = 0; inputBlock < _denseRows.Length; inputBlock++)
            {
                SetDenseRow(inputBlock, row, CopiedRow(row));
            }
        }
    }
}

/// <summary>
/// The two input blocks: fixed ranges of the inputs. During training, a sum over inputs is the sum over the first block plus the sum over
/// the second block. (Predictions sum over all inputs directly.)
/// </summary>
/// <remarks>
/// So two cores can each process one block for all rows, with a part of W1 that no other core uses, and the result is bit-identical to that
/// of one core. The boundary depends only on the number of inputs, so the result is the same for sparse and dense rows, in memory or
/// streamed.
/// </remarks>
internal readonly struct InputBlocks(int inputCount)
{
    /// <summary>The number of blocks.</summary>
    public const int Count = 2;

    /// <summary>
    /// Gets the first input of the second block. It is a multiple of 16, so that two workers don't write to the same cache line of a dense
    /// row, or the number of inputs where the second block is empty.
    /// </summary>
    public int Middle => Math.Min(AlignedArray.Pad((inputCount + 1) / 2), inputCount);

    public int First(int inputBlock) => inputBlock == 0 ? 0 : Middle;

    public int End(int inputBlock) => inputBlock == 0 ? Middle : inputCount;
}
