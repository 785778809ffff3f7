using System.Diagnostics;
using MnistMlNet.Configuration;

namespace MnistMlNet.Training;

/// <summary>Adapts the number of workers: one at first, doubled as long as that is faster, halved when it isn't.</summary>
/// <remarks>
/// <para>With half the workers, the caller's partition of the work would be twice as large, and the model assumes that it would never wait.
/// So compared with half the workers, each phase gains the caller's work minus its wait, or loses, if the wait is longer. Gains are added
/// up as credit, up to a limit. When losses have used up the credit, the number of workers is halved, and a larger number is tried only
/// after a pause that is long compared with the loss. So on a busy machine, too, training takes hardly longer than on one thread.</para>
/// <para>Before a trial the new workers run for some milliseconds without work: a worker that is interrupted meanwhile has no core of its
/// own, and would make the others wait.</para>
/// </remarks>
internal sealed class WorkerCountController : IWorkerCount
{
    /// <summary>The minimum work of a worker in a phase, in multiply-adds: about 1 µs, twice the time to begin and end a phase on two
    /// cores.</summary>
    internal const long MinWork = 16_384;

    /// <summary>The pause after a loss as a multiple of the loss: so at most 1/25 of the time is lost.</summary>
    internal const int PausePerLoss = 25;

    /// <summary>The time from the first phase with enough work to the first trial; a fit that ends before it starts no thread.</summary>
    internal static readonly long FirstPause = Milliseconds(3);

    /// <summary>The credit at the beginning of a trial.</summary>
    internal static readonly long FirstCredit = Milliseconds(1);

    /// <summary>The maximum credit: two time slices of the operating system, in which another thread may have the core. At this credit, a
    /// larger number of workers is tried.</summary>
    internal static readonly long MaxCredit = Milliseconds(8);

    /// <summary>The maximum interruption of a worker during the test of its core; on a core with other load, interruptions take
    /// milliseconds.</summary>
    internal static readonly long MaxGap = Milliseconds(0.5);

    private readonly int[] _counts;
    private readonly Func<int> _processors;
    private int _level;
    private long _earliest;
    private long _credit = FirstCredit;
    private long _highest;

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
    }

    public bool TakesOver => true;

    private int Limit => Math.Max(1, _processors());

    public int For(long work)
    {
        int level = _level, limit = level == 0 ? 1 : Limit;
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

    public void Ended(long work, long wait, int shares, long now)
    {
        _credit = Math.Min(_credit + 2 * work / shares - work - wait, MaxCredit);
        _highest = Math.Max(_highest, _credit);
        if (_credit < 0)
        {
            _earliest = now + PausePerLoss * (_highest - _credit);
            _level--;
            _credit = _highest = FirstCredit;
        }
    }

    private static long Milliseconds(double milliseconds) => (long)(milliseconds * Stopwatch.Frequency / 1000);
}
