using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace MnistMlNet.Training;

/// <summary>A few threads that do the same phase together, thousands of times a second.</summary>
/// <remarks>
/// <para>A phase of a small batch takes some ten microseconds: workers spin for the next one, because waking a pool thread would take as long.
/// After a while without work they give way. The caller is worker 0.</para>
/// <para>On a busy machine a worker may lose its core in the middle of a phase, and all others wait for it. Where waiting takes most of the
/// time, fewer workers take part for a while. That is safe because the number of workers doesn't change a result.</para>
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    /// <summary>Looks at the ticket before a waiting worker begins to yield: some tens of microseconds.</summary>
    private const int SpinsBeforeYield = 2000;

    private const int CountBits = 16;

    private readonly Thread[] _threads;
    private readonly AdaptiveCount _count;
    private Action<int>? _phase;

    /// <summary>Number of the phase, and in the lower bits how many workers take part: one word, so that a late worker can't mix two phases up.</summary>
    private long _ticket;
    private int _working;
    private volatile ExceptionDispatchInfo? _failure;

    public WorkerTeam(int workerCount)
    {
        WorkerCount = workerCount;
        ActiveCount = workerCount;
        _count = new AdaptiveCount(workerCount);
        _threads = new Thread[workerCount - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"MnistMlNet worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Gets how many workers there are.</summary>
    public int WorkerCount { get; }

    /// <summary>Gets how many take part in the present phase, or will in the next: <see cref="WorkerCount"/>, halved as often as the machine is busy.</summary>
    public int ActiveCount { get; private set; }

    /// <summary>Part <paramref name="worker"/> of 0 … <paramref name="count"/>, cut into equal parts.</summary>
    public (int First, int End) Share(int worker, int count) =>
        ((int)((long)count * worker / ActiveCount), (int)((long)count * (worker + 1) / ActiveCount));

    /// <summary>Runs <paramref name="phase"/> once for each worker, 0 … <see cref="ActiveCount"/> - 1, and waits for all. What one throws is thrown here.</summary>
    public void Run(Action<int> phase)
    {
        if (_threads.Length == 0)
        {
            phase(0);
            return;
        }

        long begin = Stopwatch.GetTimestamp();
        _phase = phase;
        Volatile.Write(ref _working, ActiveCount - 1);
        Volatile.Write(ref _ticket, ((_ticket >> CountBits) + 1) << CountBits | (long)ActiveCount);
        Attempt(phase, 0);
        long done = Stopwatch.GetTimestamp();
        for (int spins = 0; Volatile.Read(ref _working) != 0; spins++)
        {
            Wait(spins);
        }

        ActiveCount = _count.Next(done - begin, Stopwatch.GetTimestamp() - done);
        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }
    }

    public void Dispose()
    {
        _phase = null;
        Volatile.Write(ref _ticket, ((_ticket >> CountBits) + 1) << CountBits | (long)WorkerCount);
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private static void Wait(int spins)
    {
        if (spins < SpinsBeforeYield)
        {
            Thread.SpinWait(1);
        }
        else if (spins < 10 * SpinsBeforeYield)
        {
            Thread.Yield();
        }
        else
        {
            // Nobody needs this core for spinning any more: a millisecond's delay is nothing against what the others are doing.
            Thread.Sleep(1);
        }
    }

    private void Work(int worker)
    {
        long seen = 0;
        while (true)
        {
            long ticket;
            for (int spins = 0; (ticket = Volatile.Read(ref _ticket)) == seen; spins++)
            {
                Wait(spins);
            }

            seen = ticket;
            if (worker >= (ticket & ((1 << CountBits) - 1)))
            {
                continue;
            }

            if (_phase is not { } phase)
            {
                return;
            }

            Attempt(phase, worker);
            Interlocked.Decrement(ref _working);
        }
    }

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
