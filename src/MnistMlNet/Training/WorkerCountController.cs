using System.Diagnostics;
using MnistMlNet.Configuration;

namespace MnistMlNet.Training;

/// <summary>As many workers as pay: one at first, twice as many while that is faster, half as many when it isn't.</summary>
/// <remarks>
/// <para>Half the workers would take twice the caller's share, and never wait. So each phase gains (or loses) the caller's work minus its
/// wait against half the workers.
/// Gains are added up as credit, up to a limit; where losses have used it up, half the workers go on, and more are tried only after a
/// time that is long against what was lost.
/// So on a busy machine, too, training takes hardly longer than on one thread, whatever happens.</para>
/// <para>Before a trial the new workers run for some milliseconds without work: one that is interrupted has no core of its own, and would
/// keep the others waiting.</para>
/// </remarks>
internal sealed class WorkerCountController : IWorkerCount
{
    /// <summary>Multiply-adds from which a worker's share of a phase pays: about 1 µs, twice what it takes to begin and end a phase on
    /// two cores.</summary>
    internal const long MinWork = 16_384;

    /// <summary>The pause after a loss, in units of it: at most one part in 25 is lost for good.</summary>
    internal const int PausePerLoss = 25;

    /// <summary>How long phases that are worth sharing run on the caller alone at first; a fit that ends before starts no thread.</summary>
    internal static readonly long FirstPause = Milliseconds(3);

    /// <summary>The credit that a trial begins with.</summary>
    internal static readonly long FirstCredit = Milliseconds(1);

    /// <summary>The most credit: two slices of time that the operating system gives to somebody else. With so much of it, still more
    /// workers are tried.</summary>
    internal static readonly long MaxCredit = Milliseconds(8);

    /// <summary>How long a worker may be interrupted while its core is tested; a core that it shares is taken from it for
    /// milliseconds.</summary>
    internal static readonly long MaxGap = Milliseconds(0.5);

    private readonly int[] _counts;
    private readonly Func<int> _processors;
    private int _level;
    private long _earliest;
    private long _credit = FirstCredit;
    private long _highest;

    /// <param name="most">The most workers.</param>
    /// <param name="processors">How many processors this team may use at the moment.</param>
    public WorkerCountController(int most, Func<int> processors)
    {
        _processors = processors;
        var counts = new List<int>();
        for (int count = most; count >= 1; count /= 2)
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
