using System.Runtime.ExceptionServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>Predicts the rows of one large batch on several threads of the thread pool. Rows are independent, so the result is the same
/// for any number of threads.</summary>
/// <remarks>
/// The caller and its helpers take pieces of the rows from a counter. The caller never waits for a helper that hasn't begun: if the thread
/// pool is busy, it predicts all rows itself. The number of helpers is limited by the processors that no other prediction of this process
/// uses, and that are free on the machine, where the operating system reports that. Right after a prediction the threads of the pool
/// still spin, and the system counts them as busy: then the helpers that did their part of it may help again.
/// </remarks>
internal sealed unsafe class ParallelPrediction : IThreadPoolWorkItem
{
    /// <summary>The multiply-adds for which a further thread is worth its start, about 50 µs.</summary>
    public const long WorkPerThread = 1 << 21;

    /// <summary>The multiply-adds of a piece, at least: taking one costs less than a hundredth of it.</summary>
    private const long WorkPerPiece = 1 << 18;

    private const int Closed = 1 << 30;

    /// <summary>The milliseconds that a thread of the pool may still spin after its work, waiting for more.</summary>
    private const long LingeringMilliseconds = 2;

    private static int s_threads;

    /// <summary>The helpers of the last prediction that did a good part of it, and when it ended.</summary>
    private static int s_lastUseful;
    private static long s_lastEnd;

    private readonly Predictor _predictor;
    private readonly float* _features;
    private readonly float* _scores;
    private readonly int _rowCount;
    private readonly int _pieceRows;

    /// <summary>Half of the pieces that each thread would take if all were equally fast.</summary>
    private readonly int _usefulPieces;
    private int _nextRow;

    /// <summary>The number of helpers at work, and <see cref="Closed"/> once no further one may begin.</summary>
    private int _helpers;

    /// <summary>The number of helpers that did at least half of an equal part.</summary>
    private int _usefulHelpers;
    private Exception? _fault;

    private ParallelPrediction(Predictor predictor, float* features, float* scores, int rowCount, int pieceRows, int threads)
    {
        _predictor = predictor;
        _features = features;
        _scores = scores;
        _rowCount = rowCount;
        _pieceRows = pieceRows;
        _usefulPieces = Math.Max(1, rowCount / pieceRows / threads / 2);
    }

    /// <summary>Predicts rows on as many threads as the work is worth.</summary>
    /// <param name="features">Row-major <c>[rows, I]</c>.</param>
    /// <param name="scores">Row-major <c>[rows, C]</c>.</param>
    /// <param name="maxThreads">The maximum number of threads, the calling one included; at least 1.</param>
    public static void Run(Predictor predictor, ReadOnlySpan<float> features, Span<float> scores, int maxThreads)
    {
        int rowCount = features.Length / predictor.Shape.InputCount;
        long work = rowCount * predictor.WorkPerRow;
        int wanted = (int)Math.Min(Math.Min(maxThreads, Environment.ProcessorCount), work / WorkPerThread) - 1;
        if (wanted < 1 || (wanted = Math.Min(wanted, ReadFree() ?? wanted)) < 1)
        {
            predictor.Predict(features, scores);
            return;
        }

        int helpers = Reserve(wanted);
        try
        {
            int pieceRows = (int)Math.Min(rowCount, Math.Max(predictor.BlockRowCount, WorkPerPiece / predictor.WorkPerRow));
            fixed (float* first = features, firstScore = scores)
            {
                var prediction = new ParallelPrediction(predictor, first, firstScore, rowCount, pieceRows, 1 + helpers);
                prediction.Run(helpers);
                Volatile.Write(ref s_lastUseful, prediction._usefulHelpers);
                Volatile.Write(ref s_lastEnd, Environment.TickCount64);
            }
        }
        finally
        {
            Interlocked.Add(ref s_threads, -1 - helpers);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (!TryEnter())
        {
            return;
        }

        try
        {
            if (TakePieces() >= _usefulPieces)
            {
                Interlocked.Increment(ref _usefulHelpers);
            }
        }
        catch (Exception e)
        {
            // Thrown on a thread of the pool, it would end the process; the caller throws it instead.
            Interlocked.CompareExchange(ref _fault, e, null);
        }
        finally
        {
            Interlocked.Decrement(ref _helpers);
        }
    }

    /// <summary>The number of processors that are free for helpers; null where it is unknown.</summary>
    private static int? ReadFree() => ProcessorLoad.ReadFree() is not { } free ? null
        : Environment.TickCount64 - Volatile.Read(ref s_lastEnd) > LingeringMilliseconds ? free
        : Math.Max(free, Volatile.Read(ref s_lastUseful));

    /// <summary>Counts the caller, and as many helpers as there are processors without a thread of a prediction.</summary>
    private static int Reserve(int wanted)
    {
        while (true)
        {
            int threads = Volatile.Read(ref s_threads);
            int helpers = Math.Clamp(Environment.ProcessorCount - threads - 1, 0, wanted);
            if (Interlocked.CompareExchange(ref s_threads, threads + 1 + helpers, threads) == threads)
            {
                return helpers;
            }
        }
    }

    private void Run(int helpers)
    {
        try
        {
            for (int i = 0; i < helpers; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }

            TakePieces();
        }
        finally
        {
            // The memory of the caller may be used until the last helper has left. Each is at its last piece.
            Interlocked.Or(ref _helpers, Closed);
            var spin = default(SpinWait);
            while (Volatile.Read(ref _helpers) != Closed)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        if (_fault is not null)
        {
            ExceptionDispatchInfo.Throw(_fault);
        }
    }

    private bool TryEnter()
    {
        while (true)
        {
            int helpers = Volatile.Read(ref _helpers);
            if ((helpers & Closed) != 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _helpers, helpers + 1, helpers) == helpers)
            {
                return true;
            }
        }
    }

    /// <returns>The number of pieces that this thread predicted.</returns>
    private int TakePieces()
    {
        int inputs = _predictor.Shape.InputCount, outputs = _predictor.Shape.OutputCount;
        for (int taken = 0; ; taken++)
        {
            int first = Interlocked.Add(ref _nextRow, _pieceRows) - _pieceRows;
            if (first >= _rowCount || first < 0)
            {
                return taken;
            }

            int count = Math.Min(_pieceRows, _rowCount - first);
            _predictor.Predict(
                new ReadOnlySpan<float>(_features + (nint)first * inputs, count * inputs),
                new Span<float>(_scores + (nint)first * outputs, count * outputs));
        }
    }
}
