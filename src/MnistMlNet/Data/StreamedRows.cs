using MnistMlNet.Kernels;

namespace MnistMlNet.Data;

/// <summary>
/// Rows that are read again in every epoch, one window after the other. The next window is read while training uses the current one.
/// </summary>
/// <remarks>
/// For any number of rows, memory holds two windows, and those blocks of the previous window that a worker still refers to.
/// </remarks>
internal sealed class StreamedRows : IRowSource
{
    /// <summary>The approximate number of values of a window: 8 million take 33 to 67 MB where no value is 0.</summary>
    private const int WindowValues = 1 << 23;

    private const int MinWindowRows = 256;
    private const int MaxWindowRows = 1 << 18;

    private int _windowRows;
    private double? _meanWeight;
    private readonly IKernels _kernels;
    private readonly Func<int, RowReader> _open;
    private FeatureScaling? _scaling;
    private TargetScaling? _targetScaling;

    /// <param name="sample">The first window, for statistics; epochs read these rows again.</param>
    /// <param name="windowRows">The number of rows of a window.</param>
    /// <param name="meanWeight">The divisor of the weights; null where all are 1.</param>
    /// <param name="open">Opens the reader for an epoch.</param>
    public StreamedRows(PackedRows sample, long rowCount, int windowRows, double? meanWeight, IKernels kernels, Func<int, RowReader> open)
    {
        Sample = sample;
        RowCount = rowCount;
        _windowRows = windowRows;
        _meanWeight = meanWeight;
        _kernels = kernels;
        _open = open;
    }

    /// <summary>Gets the function that queues work for another thread; tests replace it by one that fails.</summary>
    internal Action<WaitCallback> Queue { get; init; } = work => ThreadPool.QueueUserWorkItem(work);

    public int InputCount => Sample.InputCount;

    public bool IsSparse => Sample.IsSparse;

    public long RowCount { get; }

    public PackedRows Sample { get; }

    /// <summary>Gets the number of rows of a window for rows of <paramref name="inputCount"/> features.</summary>
    public static int WindowRows(int inputCount) => Math.Clamp(WindowValues / inputCount, MinWindowRows, MaxWindowRows);

    /// <summary>The number of rows of a window that has a whole number of batches.</summary>
    public static int WindowOf(int windowRows, int batchSize) => Math.Max(batchSize, windowRows / batchSize * batchSize);

    public IEnumerable<PackedRows> Windows(int epoch)
    {
        using RowReader reader = _open(epoch);
        bool isOver = false;
        var next = new ReadAhead(Next, Queue);
        try
        {
            while (next.Get() is { } window)
            {
                next = new ReadAhead(Next, Queue);
                yield return window;
            }
        }
        finally
        {
            // Wait for the reading thread: the cursor must not be disposed while that thread reads it, nor read after it is disposed, even
            // if training stops within an epoch.
            isOver = true;
            next.End();
        }

        PackedRows? Next() => isOver ? null : Read(reader);
    }

    public void Scale(FeatureScaling scaling)
    {
        Sample.Scale(scaling);
        _scaling = scaling;
    }

    public void Scale(TargetScaling scaling)
    {
        scaling.Apply(Sample);
        _targetScaling = scaling;
    }

    public void ScaleWeights(double factor)
    {
        Sample.ScaleWeights(factor);
        _meanWeight /= factor;
    }

    public void UseBatchesOf(int rowCount) => _windowRows = WindowOf(WindowRows(InputCount), rowCount);

    private PackedRows? Read(RowReader reader)
    {
        var builder = new PackedRowsBuilder(InputCount, _kernels, IsSparse, Sample.TargetCount);
        if (reader.Read(builder, _windowRows) == 0)
        {
            return null;
        }

        PackedRows window = builder.Build(_meanWeight);
        if (_scaling is not null)
        {
            window.Scale(_scaling);
        }

        _targetScaling?.Apply(window);
        return window;
    }
}

/// <summary>A window that another thread reads while training uses the previous one.</summary>
/// <remarks>If no thread could be started, or none has begun yet, the caller of <see cref="Get"/> reads the window.</remarks>
internal sealed class ReadAhead
{
    private Lazy<PackedRows?>? _window;

    /// <param name="read">Reads the window; called once.</param>
    /// <param name="queue">Queues work for another thread.</param>
    public ReadAhead(Func<PackedRows?> read, Action<WaitCallback> queue)
    {
        _window = new Lazy<PackedRows?>(read);
        try
        {
            queue(_ => End());
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // .NET throws OutOfMemoryException also where the limit of threads is reached. Get then reads the window.
        }
    }

    /// <summary>Waits for the window and returns it; called once.</summary>
    /// <exception cref="Exception">The exception that reading it threw.</exception>
    public PackedRows? Get()
    {
        PackedRows? window = _window!.Value;

        // If no thread runs the queued work, this object stays in the queue; it must not keep the rows in memory.
        Volatile.Write(ref _window, null);
        return window;
    }

    /// <summary>Waits until the window is read, or reads it. An exception isn't thrown here, but by <see cref="Get"/>.</summary>
    public void End()
    {
        try
        {
            _ = Volatile.Read(ref _window)?.Value;
        }
        catch (Exception)
        {
            // Lazy keeps the exception for Get. Thrown here, it would end the process or hide the reason why training ended.
        }
    }
}

/// <summary>The source of the rows of each epoch: memory, or the data view, which is read again.</summary>
internal interface IRowSource
{
    /// <summary>Gets the number of features I of a row.</summary>
    int InputCount { get; }

    /// <summary>Gets whether rows are stored sparse; the same for all windows.</summary>
    bool IsSparse { get; }

    /// <summary>Gets the number of rows of an epoch.</summary>
    long RowCount { get; }

    /// <summary>Gets a sample of the rows, from which the partition of the work and the learning rate are chosen.</summary>
    PackedRows Sample { get; }

    /// <summary>Gets the rows of one epoch in windows. Every window except the last has a multiple of the batch size.</summary>
    /// <param name="epoch">The epoch's number, from 1.</param>
    IEnumerable<PackedRows> Windows(int epoch);

    /// <summary>Centres and scales the features of all rows, now and in each epoch.</summary>
    void Scale(FeatureScaling scaling);

    /// <summary>Centres and scales the targets of all rows, now and in each epoch.</summary>
    void Scale(TargetScaling scaling);

    /// <summary>Multiplies the weights of all rows, now and in each epoch.</summary>
    void ScaleWeights(double factor);

    /// <summary>Sets the batch size of which every window except the last has a multiple.</summary>
    void UseBatchesOf(int rowCount);
}
