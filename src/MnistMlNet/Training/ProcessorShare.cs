using System.Diagnostics;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>The number of processors that one team may use at the moment: an equal part of them for each training in this process, but not
/// more than other work on the machine leaves free.</summary>
/// <remarks>If the operating system doesn't report its load, only the trainings in this process are considered.</remarks>
/// <param name="processors">The number of processors of this process.</param>
/// <param name="readFree">Reads the number of processors minus that of runnable threads of the whole machine, or null; see
/// <see cref="ProcessorLoad.ReadFree"/>.</param>
internal sealed class ProcessorShare(int processors, Func<int?> readFree)
{
    /// <summary>The time between two readings; a reading takes less than a hundredth of it.</summary>
    internal static readonly long Interval = Stopwatch.Frequency / 2000;

    /// <summary>The weight of a new reading in the moving average: a thread that runs for less than about 2 ms has no effect.</summary>
    private const double NewWeight = 0.125;

    private static int s_teams;
    private long _next;

    /// <summary>The moving average of the readings; before the first reading NaN, which counts as one processor.</summary>
    private double _free = double.NaN;

    public ProcessorShare()
        : this(Environment.ProcessorCount, ProcessorLoad.ReadFree)
    {
    }

    /// <summary>Gets the number of processors that the team may use, at least one.</summary>
    public int Count =>
        Math.Max(1, Math.Min(GetEqualShare(processors, Volatile.Read(ref s_teams)), (int)Math.Min(processors, Math.Round(_free))));

    /// <summary>Whether it is time for a reading.</summary>
    /// <param name="now">A timestamp of <see cref="Stopwatch"/>.</param>
    public bool IsDue(long now) => now >= _next;

    /// <summary>Reads the load and updates the moving average.</summary>
    /// <param name="now">A timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="ownThreads">The number of runnable threads of the team, the caller included: they don't count as other work.</param>
    public void Update(long now, int ownThreads)
    {
        _next = now + Interval;
        double free = readFree() + ownThreads ?? processors;
        _free = double.IsNaN(_free) ? free : _free + NewWeight * (free - _free);
    }

    /// <summary>Records that a training begins in this process.</summary>
    public static void Begin() => Interlocked.Increment(ref s_teams);

    /// <summary>Records that a training has ended.</summary>
    public static void End() => Interlocked.Decrement(ref s_teams);

    internal static int GetEqualShare(int processors, int teams) => Math.Max(1, processors / Math.Max(1, teams));
}
