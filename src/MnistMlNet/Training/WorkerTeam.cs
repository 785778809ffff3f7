using System.Diagnostics;
using System.Runtime.ExceptionServices;
using MnistMlNet.Configuration;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>A few threads that run phases in parallel, thousands per second. The calling thread is worker 0.</summary>
/// <remarks>
/// <para><see cref="IWorkerCount"/> decides for each phase how many workers run it. A thread is started when it is needed for the first
/// time, so a small table starts none.</para>
/// <para>On a busy machine a worker may lose its core. Therefore each worker claims its partition of a phase before it begins. If a worker
/// hasn't begun when the caller has finished, the caller processes the partition of that worker, too. So the caller waits only for workers
/// that have begun.</para>
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    private const int CountBits = 16;
    private const long CountMask = (1 << CountBits) - 1;

    private readonly IWorkerCount _count;
    private readonly TeamWorker?[] _workers;
    private readonly ProcessorShare? _processorShare;
    private Action<int>? _phase;
    private (int First, int End) _testing;

    /// <summary>The maximum number of workers; below <see cref="WorkerCount"/> after a thread couldn't be started.</summary>
    private int _maxCount = int.MaxValue;

    /// <summary>The number of the phase, and in the lower bits the number of active workers: one word, so that a late worker can't combine
    /// the values of two phases.</summary>
    private long _ticket;
    private volatile ExceptionDispatchInfo? _failure;

    /// <param name="workerCount">The maximum number of workers.</param>
    /// <param name="counts">Makes the controller of the number of workers, from their maximum number; null for the default
    /// controller.</param>
    public WorkerTeam(int workerCount, Func<int, IWorkerCount>? counts = null)
    {
        WorkerCount = workerCount;
        _workers = new TeamWorker?[workerCount];
        if (counts is null)
        {
            _processorShare = new ProcessorShare();
            _count = new WorkerCountController(workerCount, () => _processorShare.Count);
            ProcessorShare.Begin();
        }
        else
        {
            _count = counts(workerCount);
        }
    }

    /// <summary>Gets the action that starts a thread; tests replace it by one that fails.</summary>
    internal Action<Thread> StartThread { get; init; } = thread => thread.Start();

    /// <summary>Gets the maximum number of workers.</summary>
    public int WorkerCount { get; }

    /// <summary>Gets the number of active workers in the current phase, or else in the last one.</summary>
    public int ActiveCount { get; private set; } = 1;

    /// <summary>Gets the number of threads that were started.</summary>
    public int ThreadCount => _workers.Count(worker => worker is not null);

    /// <summary>Gets the number of threads that sleep because they had no work for a while.</summary>
    public int SleepingCount => _workers.Count(worker => worker is { IsSleeping: true });

    /// <summary>Divides 0 … <paramref name="count"/> - 1 among the active workers, and gets the range of one of them.</summary>
    public (int First, int End) GetRange(int worker, int count) =>
        Partition.GetRange(worker, ActiveCount, count);

    /// <summary>Runs <paramref name="phase"/> once for each worker, 0 … <see cref="ActiveCount"/> - 1, and waits for all. An exception of
    /// one is rethrown here.</summary>
    /// <param name="phase">Processes the partition of the worker whose number it gets.</param>
    /// <param name="work">The work of all partitions together, in multiply-adds: it only decides how many workers run the phase.</param>
    public void Run(Action<int> phase, long work)
    {
        int count = ActiveCount = Start(_count.For(work));
        bool isTimed = WorkerCount > 1 && work >= WorkerCountController.MinTimedWork;
        long begin = isTimed ? Stopwatch.GetTimestamp() : 0;
        if (count == 1)
        {
            phase(0);
        }
        else
        {
            RunInParallel(phase, count);
        }

        if (isTimed)
        {
            long end = Stopwatch.GetTimestamp();
            _count.Ended(work, end - begin, end);
            Grow(end);
        }

        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }
    }

    private void RunInParallel(Action<int> phase, int count)
    {
        long number = (_ticket >> CountBits) + 1;
        _phase = phase;

        // With a full fence: either the worker sees the phase, or Wake sees that the worker sleeps.
        Interlocked.Exchange(ref _ticket, number << CountBits | (long)count);
        for (int worker = 1; worker < count; worker++)
        {
            _workers[worker]!.Wake();
        }

        Attempt(phase, 0);
        for (int worker = 1; _count.TakesOver && worker < count; worker++)
        {
            if (_workers[worker]!.TryClaim(number))
            {
                Attempt(phase, worker);
                _workers[worker]!.Finish(number);
            }
        }

        for (int worker = 1; worker < count; worker++)
        {
            _workers[worker]!.WaitFor(number);
        }
    }

    public void Dispose()
    {
        _phase = null;
        foreach (TeamWorker? worker in _workers)
        {
            worker?.Dispose();
        }

        if (_processorShare is not null)
        {
            ProcessorShare.End();
        }
    }

    /// <summary>Starts a test of additional workers if the controller requests them, and reports the result of a finished test.</summary>
    private void Grow(long now)
    {
        if (_processorShare is not null && _processorShare.IsDue(now))
        {
            _processorShare.Update(now, 1 + ThreadCount - SleepingCount);
        }

        if (_testing == default)
        {
            (int First, int End) additional = _count.Wanted(now);
            if (Start(additional.End) < additional.End)
            {
                return;
            }

            _testing = additional;
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
    /// <returns>The number of available workers, the caller included: <paramref name="count"/>, or fewer.</returns>
    private int Start(int count)
    {
        count = Math.Min(count, _maxCount);
        for (int worker = 1; worker < count; worker++)
        {
            try
            {
                _workers[worker] ??= new TeamWorker(this, worker);
            }
            catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
            {
                // .NET reports a lack of memory also if the user may start no more threads. Fewer workers give the same bits, so training
                // continues with those that exist. Another attempt in each phase would take longer than the phase.
                return _maxCount = worker;
            }
        }

        return count;
    }

    /// <summary>The number of the current phase if worker <paramref name="worker"/> is active in it; else 0.</summary>
    internal long PhaseOf(int worker)
    {
        long ticket = Volatile.Read(ref _ticket);
        return worker < (ticket & CountMask) ? ticket >> CountBits : 0;
    }

    /// <summary>Processes a claimed partition. The phase can't change before it is finished.</summary>
    internal void RunPartition(int worker) => Attempt(_phase!, worker);

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
