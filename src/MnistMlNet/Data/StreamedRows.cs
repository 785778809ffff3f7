using MnistMlNet.Kernels;

namespace MnistMlNet.Data;

/// <summary>Rows that are read again in every epoch, a window at a time; while one window is trained on, the next is read.</summary>
/// <remarks>Memory is that of two windows, and of blocks of the one before that a worker last saw, however many rows there are.</remarks>
internal sealed class StreamedRows : IRowSource
{
    /// <summary>Values of a window, about: 8 million are 33 to 67 MB where no value is 0.</summary>
    private const int WindowValues = 1 << 23;

    private const int MinWindowRows = 256;
    private const int MaxWindowRows = 1 << 18;

    private readonly int _windowRows;
    private readonly double? _meanWeight;
    private readonly IKernels _kernels;
    private readonly Func<int, RowReader> _open;
    private FeatureScaling? _scaling;

    /// <param name="sample">The first window; not part of any epoch.</param>
    /// <param name="windowRows">Rows of a window.</param>
    /// <param name="meanWeight">What weights are divided by; null where all are 1.</param>
    /// <param name="open">Begins the pass of an epoch.</param>
    public StreamedRows(PackedRows sample, long rowCount, int windowRows, double? meanWeight, IKernels kernels, Func<int, RowReader> open)
    {
        Sample = sample;
        RowCount = rowCount;
        _windowRows = windowRows;
        _meanWeight = meanWeight;
        _kernels = kernels;
        _open = open;
    }

    /// <summary>Gets what has another thread do something; tests have it fail.</summary>
    internal Action<WaitCallback> Queue { get; init; } = work => ThreadPool.QueueUserWorkItem(work);

    public int InputCount => Sample.InputCount;

    public bool IsSparse => Sample.IsSparse;

    public long RowCount { get; }

    public PackedRows Sample { get; }

    /// <summary>The rows of a window for rows of <paramref name="inputCount"/> features.</summary>
    public static int WindowRows(int inputCount) => Math.Clamp(WindowValues / inputCount, MinWindowRows, MaxWindowRows);

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
            // The cursor must not be disposed while it is being read, nor read afterwards, also if training stops in the middle of an
            // epoch.
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

    private PackedRows? Read(RowReader reader)
    {
        var builder = new PackedRowsBuilder(InputCount, _kernels, IsSparse);
        if (reader.Read(builder, _windowRows) == 0)
        {
            return null;
        }

        PackedRows window = builder.Build(_meanWeight);
        if (_scaling is not null)
        {
            window.Scale(_scaling);
        }

        return window;
    }
}

/// <summary>A window that another thread reads while the one before is trained on.</summary>
/// <remarks>Where no thread could be started, or none has come to it in time, who asks for the window reads it.</remarks>
internal sealed class ReadAhead
{
    private Lazy<PackedRows?>? _window;

    /// <param name="read">Reads the window; called once.</param>
    /// <param name="queue">Has another thread do something.</param>
    public ReadAhead(Func<PackedRows?> read, Action<WaitCallback> queue)
    {
        _window = new Lazy<PackedRows?>(read);
        try
        {
            queue(_ => End());
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // .NET speaks of memory also where the user may have no more threads.
        }
    }

    /// <summary>Waits for the window, once.</summary>
    /// <exception cref="Exception">What reading it threw.</exception>
    public PackedRows? Get()
    {
        PackedRows? window = _window!.Value;

        // A thread that never comes leaves this object in its queue, which must not keep the rows.
        Volatile.Write(ref _window, null);
        return window;
    }

    /// <summary>Waits until the window is read, or reads it; what that throws, <see cref="Get"/> throws.</summary>
    public void End()
    {
        try
        {
            _ = Volatile.Read(ref _window)?.Value;
        }
        catch (Exception)
        {
            // Kept for who asks for the window. Thrown here, it would end the process or hide why training ended.
        }
    }
}

/// <summary>Where the rows of each epoch come from: memory, or the data view again.</summary>
internal interface IRowSource
{
    /// <summary>Gets the number of features I of a row.</summary>
    int InputCount { get; }

    /// <summary>Gets whether rows are kept sparse; the same for all windows.</summary>
    bool IsSparse { get; }

    /// <summary>Gets the number of rows of an epoch.</summary>
    long RowCount { get; }

    /// <summary>Gets rows that stand for all of them: by these the work is shared out and the learning rate chosen.</summary>
    PackedRows Sample { get; }

    /// <summary>The rows of one epoch, a window of them at a time. All windows but the last hold a whole number of batches.</summary>
    /// <param name="epoch">The epoch's number, from 1.</param>
    IEnumerable<PackedRows> Windows(int epoch);

    /// <summary>Centres and scales the features of all rows, now and in each epoch.</summary>
    void Scale(FeatureScaling scaling);
}
