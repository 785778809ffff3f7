using System.Diagnostics;
using System.Runtime.ExceptionServices;
using MnistMlNet.Configuration;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>A few threads that do the same phase together, thousands of times a second. The caller is worker 0.</summary>
/// <remarks>
/// <para>How many take part, <see cref="IWorkerCount"/> decides for each phase; a thread is started when it is wanted for the first time,
/// so a small table starts none.</para>
/// <para>On a busy machine a worker may lose its core. Each share of a phase is therefore claimed before it is done: where a worker
/// hasn't begun when the caller has finished, the caller does its share, too, and only a worker in the middle of its share is waited
/// for.</para>
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    private const int CountBits = 16;
    private const long CountMask = (1 << CountBits) - 1;

    private readonly IWorkerCount _count;
    private readonly TeamWorker?[] _workers;
    private readonly ProcessorShare? _share;
    private Action<int>? _phase;
    private (int First, int End) _testing;

    /// <summary>The most workers that there can be: fewer than <see cref="WorkerCount"/> once a thread couldn't be started.</summary>
    private int _possible = int.MaxValue;

    /// <summary>Number of the phase, and in the lower bits how many workers take part: one word, so that a late worker can't mix two
    /// phases up.</summary>
    private long _ticket;
    private volatile ExceptionDispatchInfo? _failure;

    /// <param name="workerCount">The most workers.</param>
    /// <param name="counts">Makes of the most workers what decides how many take part; null for as many as pay.</param>
    public WorkerTeam(int workerCount, Func<int, IWorkerCount>? counts = null)
    {
        WorkerCount = workerCount;
        _workers = new TeamWorker?[workerCount];
        if (counts is null)
        {
            _share = new ProcessorShare();
            _count = new WorkerCountController(workerCount, () => _share.Count);
            ProcessorShare.Begin();
        }
        else
        {
            _count = counts(workerCount);
        }
    }

    /// <summary>Gets what starts a thread; tests have it fail.</summary>
    internal Action<Thread> StartThread { get; init; } = thread => thread.Start();

    /// <summary>Gets how many workers there are at most.</summary>
    public int WorkerCount { get; }

    /// <summary>Gets how many take part in the present phase, or did in the last.</summary>
    public int ActiveCount { get; private set; } = 1;

    /// <summary>Gets how many threads were started.</summary>
    public int ThreadCount => _workers.Count(worker => worker is not null);

    /// <summary>Gets how many of them sleep, because there was nothing to do for a while.</summary>
    public int SleepingCount => _workers.Count(worker => worker is { IsSleeping: true });

    /// <summary>Part <paramref name="worker"/> of 0 … <paramref name="count"/>, cut into equal parts.</summary>
    public (int First, int End) GetRange(int worker, int count) =>
        Partition.GetRange(worker, ActiveCount, count);

    /// <summary>Runs <paramref name="phase"/> once for each worker, 0 … <see cref="ActiveCount"/> - 1, and waits for all. What one throws
    /// is thrown here.</summary>
    /// <param name="phase">Does the share of the worker whose number it gets.</param>
    /// <param name="work">The work of all shares together, in multiply-adds: it only decides how many take part.</param>
    public void Run(Action<int> phase, long work)
    {
        int count = ActiveCount = Start(_count.For(work));
        if (count == 1)
        {
            if (WorkerCount > 1 && work >= 2 * WorkerCountController.MinWork)
            {
                Grow(Stopwatch.GetTimestamp());
            }

            phase(0);
            return;
        }

        long begin = Stopwatch.GetTimestamp(), number = (_ticket >> CountBits) + 1;
        _phase = phase;

        // With a full fence: a worker either sees the phase, or is seen to sleep.
        Interlocked.Exchange(ref _ticket, number << CountBits | (long)count);
        bool hasWoken = false;
        for (int worker = 1; worker < count; worker++)
        {
            hasWoken |= _workers[worker]!.Wake();
        }

        long woken = hasWoken ? Stopwatch.GetTimestamp() : begin;
        Attempt(phase, 0);
        int shares = 1;
        for (int worker = 1; _count.TakesOver && worker < count; worker++)
        {
            if (_workers[worker]!.TryClaim(number))
            {
                Attempt(phase, worker);
                _workers[worker]!.Finish(number);
                shares++;
            }
        }

        long done = Stopwatch.GetTimestamp();
        for (int worker = 1; worker < count; worker++)
        {
            _workers[worker]!.WaitFor(number);
        }

        long end = Stopwatch.GetTimestamp();
        _count.Ended(done - woken, woken - begin + end - done, shares, end);
        Grow(end);
        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }
    }

    public void Dispose()
    {
        _phase = null;
        foreach (TeamWorker? worker in _workers)
        {
            worker?.Dispose();
        }

        if (_share is not null)
        {
            ProcessorShare.End();
        }
    }

    /// <summary>Has more workers tested where they are wanted, and reports what the test has shown once it is over.</summary>
    private void Grow(long now)
    {
        if (_share is not null && _share.IsDue(now))
        {
            _share.Update(now, 1 + ThreadCount - SleepingCount);
        }

        if (_testing == default)
        {
            (int First, int End) wanted = _count.Wanted(now);
            if (Start(wanted.End) < wanted.End)
            {
                return;
            }

            _testing = wanted;
            for (int worker = _testing.First; worker < _testing.End; worker++)
            {
                _workers[worker]!.BeginTest();
            }

            return;
        }

        long longest = 0;
        for (int worker = _testing.First; worker < _testing.End; worker++)
        {
            if (_workers[worker]!.Gap is not { } gap)
            {
                return;
            }

            longest = Math.Max(longest, gap);
        }

        _testing = default;
        _count.Tested(longest, now);
    }

    /// <summary>Starts the threads of workers that have none yet.</summary>
    /// <returns>How many of the <paramref name="count"/> workers there are, the caller among them.</returns>
    private int Start(int count)
    {
        count = Math.Min(count, _possible);
        for (int worker = 1; worker < count; worker++)
        {
            try
            {
                _workers[worker] ??= new TeamWorker(this, worker);
            }
            catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
            {
                // .NET speaks of memory also where the user may have no more threads. Fewer workers train to the same bytes, so training
                // goes on with those there are; to try again in each phase would take longer than the phase.
                return _possible = worker;
            }
        }

        return count;
    }

    /// <summary>The number of the present phase where worker <paramref name="worker"/> takes part in it; else 0.</summary>
    internal long PhaseOf(int worker)
    {
        long ticket = Volatile.Read(ref _ticket);
        return worker < (ticket & CountMask) ? ticket >> CountBits : 0;
    }

    /// <summary>Does a share that was claimed, for as long as it isn't done the phase can't change.</summary>
    internal void DoShare(int worker) => Attempt(_phase!, worker);

    private void Attempt(Action<int> phase, int worker)
    {
        try
        {
            phase(worker);
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
    }
}
