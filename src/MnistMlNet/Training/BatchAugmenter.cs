using System.Globalization;
using System.Numerics;
using MnistMlNet.Augmentations;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Fills a batch with augmented rows instead of the rows themselves.</summary>
/// <remarks>
/// Augmentation is a phase before the other phases of a batch: each worker augments a range of the rows, in buffers of its own that stay in
/// the first-level cache. The density of the batch before decides whether a batch is stored sparse or dense; both give the same bits. Each
/// row has its own random stream, selected by seed, epoch and the row's index in the data, so the result is the same for any number of
/// threads. Nothing is allocated once the buffers have grown to the largest batch.
/// </remarks>
internal sealed class BatchAugmenter
{
    private readonly IKernels _kernels;
    private readonly IAugmentation _augmentation;
    private readonly int _seed;
    private readonly WorkerTeam _team;
    private readonly AugmentationScratch[] _scratch;
    private readonly Action<int> _phase;

    /// <summary>The number of non-zero values of each row of the batch.</summary>
    private int[] _counts = [];

    private PackedRows _rows = null!;
    private ReadOnlyMemory<int> _slice;
    private Batch _batch = null!;
    private int _epoch;
    private long _firstRow;
    private long _nextRow;
    private bool _isSparse;

    public BatchAugmenter(IKernels kernels, IAugmentation augmentation, int seed, PackedRows sample, WorkerTeam team)
    {
        _kernels = kernels;
        _augmentation = augmentation;
        _seed = seed;
        _team = team;
        _isSparse = sample.IsSparse;
        int scratchLength = AugmentationCall.ScratchLength(augmentation, sample.InputCount);
        _scratch = [.. Enumerable.Range(0, team.WorkerCount).Select(_ => new AugmentationScratch(sample.InputCount, scratchLength))];
        _phase = Phase;
    }

    public static BatchAugmenter? For(ResolvedOptions plan, IKernels kernels, PackedRows sample, WorkerTeam team) =>
        plan.Augmentation is { } augmentation ? new BatchAugmenter(kernels, augmentation, plan.Seed, sample, team) : null;

    /// <summary>Begins an epoch: each row gets other random numbers than in the epochs before.</summary>
    /// <param name="epoch">The number of the epoch, from 1.</param>
    public void BeginEpoch(int epoch)
    {
        _epoch = epoch;
        _nextRow = 0;
    }

    /// <summary>Begins the next window of rows of an epoch.</summary>
    public void BeginWindow(PackedRows rows)
    {
        _rows = rows;
        _firstRow = _nextRow;
        _nextRow += rows.RowCount;
    }

    /// <summary>Augments rows of the window into a batch.</summary>
    /// <param name="rows">The indices in the window of the batch's rows.</param>
    public void Gather(ReadOnlyMemory<int> rows, Batch batch)
    {
        _slice = rows;
        _batch = batch;
        batch.Store(_isSparse);
        if (!_isSparse)
        {
            batch.CopyRows();
        }

        if (_counts.Length < rows.Length)
        {
            _counts = new int[batch.Capacity];
        }

        _team.Run(_phase, PhaseWork.Augment(rows.Length, batch.InputCount));
        long total = 0;
        foreach (int count in _counts.AsSpan(0, rows.Length))
        {
            total += count;
        }

        _isSparse = total <= PackedRowsBuilder.DensityThreshold * rows.Length * batch.InputCount;
    }

    private void Phase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _batch.RowCount);
        AugmentationScratch scratch = _scratch[worker];
        scratch.Entries.Clear();
        for (int r = first; r < end; r++)
        {
            int row = _slice.Span[r];
            scratch.Random.Restart(_seed, _epoch, _firstRow + row);
            Span<float> destination = _batch.IsSparse ? scratch.Augmented : _batch.CopiedRow(r);
            scratch.Buffer.Clear();                                                // else the number of threads could change the result
            AugmentationCall.Apply(_augmentation, _rows.Expand(row, scratch.Row), destination, scratch.Buffer, scratch.Random);
            _counts[r] = _batch.IsSparse ? SetEntries(scratch.Compact(_kernels), r) : CountNonZeros(destination);
            if (!IsFinite(destination))
            {
                throw NotFinite(destination, _firstRow + row);
            }
        }
    }

    /// <summary>Sets the entries of a row of the batch.</summary>
    /// <returns>The number of entries.</returns>
    private int SetEntries(SparseRow entries, int row)
    {
        for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
        {
            _batch.SparseRows(inputBlock)[row] = entries.Between(_batch.InputBlocks.First(inputBlock), _batch.InputBlocks.End(inputBlock));
        }

        return entries.Count;
    }

    private static int CountNonZeros(ReadOnlySpan<float> row)
    {
        int zeros = 0, i = 0;
        Vector<int> counts = Vector<int>.Zero;
        for (; i + Vector<float>.Count <= row.Length; i += Vector<float>.Count)
        {
            counts -= Vector.Equals(new Vector<float>(row[i..]), Vector<float>.Zero);
        }

        zeros += Vector.Sum(counts);
        for (; i < row.Length; i++)
        {
            zeros += row[i] == 0 ? 1 : 0;
        }

        return row.Length - zeros;
    }

    /// <summary>Whether all values are finite: 0 · x is 0 unless x is infinite or NaN.</summary>
    private static bool IsFinite(ReadOnlySpan<float> row)
    {
        Vector<float> sums = Vector<float>.Zero;
        float sum = 0;
        int i = 0;
        for (; i + Vector<float>.Count <= row.Length; i += Vector<float>.Count)
        {
            sums += new Vector<float>(row[i..]) * 0;
        }

        for (; i < row.Length; i++)
        {
            sum += row[i] * 0;
        }

        return sum + Vector.Sum(sums) == 0;
    }

    private InvalidOperationException NotFinite(ReadOnlySpan<float> row, long index)
    {
        int feature = 0;
        while (float.IsFinite(row[feature]))
        {
            feature++;
        }

        return new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture, $"Options.Augmentation made feature {feature} of row {index} {row[feature]} in epoch {_epoch}; "
                + $"it must write finite numbers."));
    }
}

/// <summary>The memory that one worker uses for itself while it augments rows.</summary>
internal sealed class AugmentationScratch(int inputCount, int bufferLength)
{
    private readonly AlignedArray _row = new(inputCount);
    private readonly AlignedArray _augmented = new(inputCount);
    private readonly AlignedArray _buffer = new(bufferLength);
    private readonly int[] _indices = new int[inputCount];
    private readonly float[] _values = new float[inputCount];

    /// <summary>Gets memory for a dense row.</summary>
    public Span<float> Row => _row.Span;

    /// <summary>Gets memory for the augmented row, if it isn't written into the batch directly.</summary>
    public Span<float> Augmented => _augmented.Span;

    /// <summary>Gets the memory that the augmentation requested.</summary>
    public Span<float> Buffer => _buffer.Span;

    public AugmentationRandom Random { get; } = new(0);

    /// <summary>Gets the entries of the rows of the batch that this worker augmented.</summary>
    public CsrStorage Entries { get; } = new(inputCount);

    /// <summary>Appends the non-zero values of <see cref="Augmented"/> to <see cref="Entries"/>.</summary>
    public SparseRow Compact(IKernels kernels)
    {
        int count = kernels.ListNonZeros(Augmented, _indices), start = Entries.Count;
        for (int n = 0; n < count; n++)
        {
            _values[n] = Augmented[_indices[n]];
        }

        Entries.Append(_indices.AsSpan(0, count), _values.AsSpan(0, count));
        return new SparseRow(Entries, start, Entries.Count);
    }
}
