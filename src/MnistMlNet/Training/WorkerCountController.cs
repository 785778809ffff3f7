using System.Diagnostics;
using MnistMlNet.Configuration;

namespace MnistMlNet.Training;

/// <summary>Adapts the number of workers: one at first, doubled as long as that is faster, halved when it isn't.</summary>
/// <remarks>
/// <para>The time of each phase is compared with what phases of the same work take with half the workers. (Twice the caller's partition is
/// no good measure of that: in short phases most of the time is moving data from core to core, which one worker hasn't to do.) Gains and
/// losses are added up as credit, up to a limit. When losses have used up the credit, the number of workers is halved, and a larger number
/// is tried only after a pause that is long compared with the loss, and twice as long after each trial without success. So on a busy
/// machine, too, training takes hardly longer than on one thread.</para>
/// <para>Before a trial the new workers run for some milliseconds without work: a worker that is interrupted meanwhile has no core of its
/// own, and would make the others wait.</para>
/// </remarks>
internal sealed class WorkerCountController : IWorkerCount
{
    /// <summary>The minimum work of a worker in a phase, in multiply-adds: about 1 µs, twice the time to begin and end a phase on two
    /// cores.</summary>
    internal const long MinWork = 16_384;

    /// <summary>The work from which on phases are timed: the clock takes about 2 % of such a phase.</summary>
    internal const long MinTimedWork = 2 * MinWork;

    /// <summary>The pause after a loss as a multiple of the loss: so at most 1/25 of the time is lost.</summary>
    internal const int PausePerLoss = 25;

    /// <summary>How often the pause is doubled at most.</summary>
    internal const int MaxDoublings = 4;

    /// <summary>The time from the first phase with enough work to the first trial; a fit that ends before it starts no thread. A trial
    /// costs half a millisecond or more, even if it succeeds.</summary>
    internal static readonly long FirstPause = Milliseconds(10);

    /// <summary>The credit at the beginning of a trial.</summary>
    internal static readonly long FirstCredit = Milliseconds(1);

    /// <summary>The maximum credit: two time slices of the operating system, in which another thread may have the core. At this credit, a
    /// larger number of workers is tried.</summary>
    internal static readonly long MaxCredit = Milliseconds(8);

    /// <summary>The maximum interruption of a worker during the test of its core; on a core with other load, interruptions take
    /// milliseconds.</summary>
    internal static readonly long MaxGap = Milliseconds(0.5);

    private readonly int[] _counts;
    private readonly PhaseTimes[] _times;
    private readonly Func<int> _processors;
    private int _level;
    private long _earliest;
    private long _credit = FirstCredit;
    private long _highest;
    private int _failures;

    /// <param name="maxCount">The maximum number of workers.</param>
    /// <param name="processors">Gets the number of processors that this team may use at the moment.</param>
    public WorkerCountController(int maxCount, Func<int> processors)
    {
        _processors = processors;
        var counts = new List<int>();
        for (int count = maxCount; count >= 1; count /= 2)
        {
            counts.Insert(0, count);
        }

        _counts = [.. counts];
        _times = [.. counts.Select(_ => new PhaseTimes())];
    }

    public bool TakesOver => true;

    private int Limit => Math.Max(1, _processors());

    public int For(long work)
    {
        int level = _level, limit = level == 0 ? 1 : Limit;
        if (level > 0 && work >= MinTimedWork && !_times[level - 1].TryGet(work, out _))
        {
            level--;                                                        // until there is something to compare with
        }

        while (level > 0 && (_counts[level] > limit || work / _counts[level] < MinWork))
        {
            level--;
        }

        return _counts[level];
    }

    public (int First, int End) Wanted(long now)
    {
        if (_earliest == 0)
        {
            _earliest = now + FirstPause;
        }

        bool isSettled = _level == 0 || _credit == MaxCredit;
        return isSettled && now >= _earliest && _level + 1 < _counts.Length && _counts[_level + 1] <= Limit
            ? (_counts[_level], _counts[_level + 1])
            : default;
    }

    public void Tested(long longestGap, long now)
    {
        if (longestGap > MaxGap)
        {
            _earliest = now + PausePerLoss * MaxCredit;
            return;
        }

        _level++;
        _credit = _highest = FirstCredit;
    }

    public void Ended(long work, long time, long now)
    {
        if (_level == 0 || !_times[_level - 1].TryGet(work, out double usual))
        {
            _times[Math.Max(_level - 1, 0)].Add(work, time);
            return;
        }

        _times[_level].Add(work, time);
        _credit = Math.Min(_credit + (long)Math.Min(usual - time, time), MaxCredit);
        _highest = Math.Max(_highest, _credit);
        if (_credit == MaxCredit)
        {
            _failures = 0;
        }
        else if (_credit < 0)
        {
            _earliest = now + (PausePerLoss * (_highest - _credit) << _failures);
            _failures = Math.Min(_failures + 1, MaxDoublings);
            _level--;
            _credit = _highest = FirstCredit;
        }
    }

    private static long Milliseconds(double milliseconds) => (long)(milliseconds * Stopwatch.Frequency / 1000);
}
