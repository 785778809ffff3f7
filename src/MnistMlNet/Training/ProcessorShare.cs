using System.Diagnostics;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>How many processors one team may use at the moment: an equal share among the trainings of this process, and no more than
/// other work leaves free.</summary>
/// <remarks>Where the system doesn't tell how busy it is, only the trainings of this process are taken into account.</remarks>
/// <param name="processors">Processors of this process.</param>
/// <param name="readFree">Processors minus runnable threads of the whole machine; see <see cref="ProcessorLoad.ReadFree"/>.</param>
internal sealed class ProcessorShare(int processors, Func<int?> readFree)
{
    /// <summary>The time between two readings: a reading takes less than a hundredth of it.</summary>
    internal static readonly long Interval = Stopwatch.Frequency / 2000;

    /// <summary>The weight of a new reading in the mean: a thread that runs for less than about 2 ms changes nothing.</summary>
    private const double NewWeight = 0.125;

    private static int s_teams;
    private long _next;

    /// <summary>Mean of the readings; NaN, which counts as one processor, before the first.</summary>
    private double _free = double.NaN;

    public ProcessorShare()
        : this(Environment.ProcessorCount, ProcessorLoad.ReadFree)
    {
    }

    /// <summary>Gets how many processors the team may use, at least one.</summary>
    public int Count =>
        Math.Max(1, Math.Min(GetEqualShare(processors, Volatile.Read(ref s_teams)), (int)Math.Min(processors, Math.Round(_free))));

    /// <summary>Whether it is time for a reading.</summary>
    /// <param name="now">A timestamp of <see cref="Stopwatch"/>.</param>
    public bool IsDue(long now) => now >= _next;

    /// <summary>Takes a reading.</summary>
    /// <param name="now">A timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="ownThreads">How many threads of the team are runnable, the caller among them: they aren't other work.</param>
    public void Update(long now, int ownThreads)
    {
        _next = now + Interval;
        double free = readFree() + ownThreads ?? processors;
        _free = double.IsNaN(_free) ? free : _free + NewWeight * (free - _free);
    }

    /// <summary>A training begins in this process.</summary>
    public static void Begin() => Interlocked.Increment(ref s_teams);

    /// <summary>A training has ended.</summary>
    public static void End() => Interlocked.Decrement(ref s_teams);

    internal static int GetEqualShare(int processors, int teams) => Math.Max(1, processors / Math.Max(1, teams));
}
