using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MnistMlNet.Training;

/// <summary>One thread of a <see cref="WorkerTeam"/>.</summary>
/// <remarks>
/// A phase of a small batch takes some ten microseconds, and waking a thread takes as long. So the thread spins while it waits for the
/// next phase; after a while it yields its core to other threads, and then it sleeps until it is woken.
/// </remarks>
internal sealed class TeamWorker : IDisposable
{
    /// <summary>The number of checks for a phase before the thread begins to yield: some tens of microseconds.</summary>
    private const int ChecksBeforeYield = 2000;

    /// <summary>The number of checks before it sleeps: about a millisecond if no other thread uses the core.</summary>
    private const int ChecksBeforeSleep = 2 * ChecksBeforeYield;

    /// <summary>The duration of a test of the core: longer than the time slice after which another thread would get the core.</summary>
    private static readonly long s_testTicks = Stopwatch.Frequency * 5 / 1000;

    private const int LineLongs = 16;
    private const int Claimed = LineLongs;
    private const int Done = LineLongs + 1;

    private readonly WorkerTeam _team;
    private readonly int _worker;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread _thread;

    /// <summary>The numbers of the claimed and the finished phase, in a cache line that no other data share, so that writes of other
    /// threads don't slow it down.</summary>
    private readonly long[] _phases = new long[3 * LineLongs];

    private int _isSleeping;
    private volatile bool _isEnded;
    private volatile bool _isTesting;
    private long _gap;

    public TeamWorker(WorkerTeam team, int worker)
    {
        _team = team;
        _worker = worker;
        _thread = new Thread(Work) { IsBackground = true, Name = $"MnistMlNet worker {worker}" };
        team.StartThread(_thread);
    }

    /// <summary>Gets whether the thread sleeps, or is about to.</summary>
    public bool IsSleeping => Volatile.Read(ref _isSleeping) != 0;

    /// <summary>Gets the longest interruption during the last test of the core; null while a test runs.</summary>
    public long? Gap => _isTesting ? null : Volatile.Read(ref _gap);

    /// <summary>Starts a test: the thread spins for some milliseconds, to measure whether it has a core of its own.</summary>
    public void BeginTest()
    {
        _isTesting = true;
        Interlocked.MemoryBarrier();
        Wake();
    }

    /// <summary>Wakes the thread if it sleeps, without waiting for it.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _isSleeping) != 0 && Interlocked.Exchange(ref _isSleeping, 0) != 0)
        {
            _wake.Release();
        }
    }

    /// <summary>Claims this worker's partition of a phase for the calling thread, unless another thread has claimed it.</summary>
    public bool TryClaim(long phase)
    {
        ref long claimed = ref _phases[Claimed];
        long last = Volatile.Read(ref claimed);
        return last < phase && Interlocked.CompareExchange(ref claimed, phase, last) == last;
    }

    public void Finish(long phase) => Volatile.Write(ref _phases[Done], phase);

    /// <summary>Waits until this worker's partition of a phase is finished.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WaitFor(long phase)
    {
        for (int checks = 0; Volatile.Read(ref _phases[Done]) != phase; checks++)
        {
            Pause(checks);
        }
    }

    public void Dispose()
    {
        _isEnded = true;
        Interlocked.MemoryBarrier();
        Wake();
        _thread.Join();
        _wake.Dispose();
    }

    private static void Pause(int checks)
    {
        if (checks < ChecksBeforeYield)
        {
            Thread.SpinWait(1);
        }
        else
        {
            Thread.Yield();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Work()
    {
        int checks = 0;
        while (!_isEnded)
        {
            long phase = _team.PhaseOf(_worker);
            if (phase != 0 && TryClaim(phase))
            {
                _team.RunPartition(_worker);
                Finish(phase);
                checks = 0;
            }
            else if (_isTesting)
            {
                Test();
                checks = 0;
            }
            else if (checks++ < ChecksBeforeSleep)
            {
                Pause(checks);
            }
            else
            {
                Sleep();
                checks = 0;
            }
        }
    }

    private void Sleep()
    {
        // Set before the last check, so that a thread that starts a phase after it wakes this one. Without a phase, PhaseOf returns 0.
        Interlocked.Exchange(ref _isSleeping, 1);
        bool isNeeded = _isEnded || _isTesting || _team.PhaseOf(_worker) > Volatile.Read(ref _phases[Claimed]);
        if (!isNeeded || Interlocked.Exchange(ref _isSleeping, 0) == 0)
        {
            _wake.Wait();                                                           // in the second case Wake has already released it
        }
    }

    // Optimized from the first call: recompilation while the loop runs would look like an interruption.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Test()
    {
        long begin = Stopwatch.GetTimestamp(), last = begin, gap = 0;
        while (last - begin < s_testTicks && gap <= WorkerCountController.MaxGap && !_isEnded)
        {
            Thread.SpinWait(1);
            long now = Stopwatch.GetTimestamp();
            gap = Math.Max(gap, now - last);
            last = now;
        }

        Volatile.Write(ref _gap, gap);
        _isTesting = false;
    }
}
