using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MnistMlNet.Training;

/// <summary>One thread of a <see cref="WorkerTeam"/>.</summary>
/// <remarks>
/// A phase of a small batch takes some ten microseconds: the thread spins for the next one, because waking it would take as long. After a
/// while it yields to others,
/// and then it sleeps until it is woken.
/// </remarks>
internal sealed class TeamWorker : IDisposable
{
    /// <summary>Looks at the phase before the thread begins to yield: some tens of microseconds.</summary>
    private const int SpinsBeforeYield = 2000;

    /// <summary>Looks before it sleeps: about a millisecond where nobody else wants the core.</summary>
    private const int LooksBeforeSleep = 2 * SpinsBeforeYield;

    /// <summary>How long a test of the core takes: longer than the slice of time after which somebody else would get it.</summary>
    private static readonly long s_testTicks = Stopwatch.Frequency * 5 / 1000;

    private const int LineLongs = 16;
    private const int Claimed = LineLongs;
    private const int Done = LineLongs + 1;

    private readonly WorkerTeam _team;
    private readonly int _worker;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread _thread;

    /// <summary>What this thread and the caller exchange in each phase: a cache line of its own, and next to it nothing that others
    /// write.</summary>
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

    /// <summary>Gets for how long the thread was interrupted at most while its core was tested; null while it is.</summary>
    public long? Gap => _isTesting ? null : Volatile.Read(ref _gap);

    /// <summary>Has the thread spin for some milliseconds, to see whether it has a core of its own.</summary>
    public void BeginTest()
    {
        _isTesting = true;
        Interlocked.MemoryBarrier();
        Wake();
    }

    /// <summary>Wakes the thread if it sleeps, without waiting for it.</summary>
    /// <returns>Whether it slept.</returns>
    public bool Wake()
    {
        if (Volatile.Read(ref _isSleeping) == 0 || Interlocked.Exchange(ref _isSleeping, 0) == 0)
        {
            return false;
        }

        _wake.Release();
        return true;
    }

    /// <summary>Takes this worker's share of a phase for the one who calls, unless somebody has it.</summary>
    public bool TryClaim(long phase)
    {
        ref long claimed = ref _phases[Claimed];
        long last = Volatile.Read(ref claimed);
        return last < phase && Interlocked.CompareExchange(ref claimed, phase, last) == last;
    }

    public void Finish(long phase) => Volatile.Write(ref _phases[Done], phase);

    /// <summary>Waits until this worker's share of a phase is done.</summary>
    public void WaitFor(long phase)
    {
        for (int looks = 0; Volatile.Read(ref _phases[Done]) != phase; looks++)
        {
            Pause(looks);
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

    private static void Pause(int looks)
    {
        if (looks < SpinsBeforeYield)
        {
            Thread.SpinWait(1);
        }
        else
        {
            Thread.Yield();
        }
    }

    private void Work()
    {
        int looks = 0;
        while (!_isEnded)
        {
            long phase = _team.PhaseOf(_worker);
            if (phase != 0 && TryClaim(phase))
            {
                _team.DoShare(_worker);
                Finish(phase);
                looks = 0;
            }
            else if (_isTesting)
            {
                Test();
                looks = 0;
            }
            else if (looks++ < LooksBeforeSleep)
            {
                Pause(looks);
            }
            else
            {
                Sleep();
                looks = 0;
            }
        }
    }

    private void Sleep()
    {
        // Before the last look, so that whoever comes after it sees it. Where no phase is to be done, its number is 0.
        Interlocked.Exchange(ref _isSleeping, 1);
        bool isWanted = _isEnded || _isTesting || _team.PhaseOf(_worker) > Volatile.Read(ref _phases[Claimed]);
        if (!isWanted || Interlocked.Exchange(ref _isSleeping, 0) == 0)
        {
            _wake.Wait();                                                           // in the second case somebody has just released it
        }
    }

    // Optimized at once: to compile the loop again while it runs would look like an interruption.
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
