using System.Diagnostics;

namespace MnistMlNet.Tests;

/// <summary>
/// What code allocates in every call. Methods that aren't fully compiled yet may allocate more, and the runtime postpones that compilation
/// while other tests start new methods; a garbage collection also counts as a few bytes. So a value that isn't the expected one is measured
/// again. What every call allocates shows each time.
/// </summary>
internal static class Allocation
{
    private const int MinRounds = 200;

    /// <summary>Longer than the runtime postpones compilation. Only a failing test takes this long.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    /// <summary>Fails if every measured call of the action allocates.</summary>
    public static void AssertNone(Action action) => AssertAgain(() => Of(action), 0);

    /// <summary>Fails if the two values, the minimum that each action allocates, stay different.</summary>
    public static void AssertSame(Func<long> first, Func<long> second) => AssertAgain(() => second() - first(), 0);

    /// <summary>Gets the minimum that this thread allocates in 200 calls.</summary>
    public static long Least(Action action) => Enumerable.Range(0, MinRounds).Min(_ => Of(action));

    private static long Of(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void AssertAgain(Func<long> measure, long wanted)
    {
        long begin = Stopwatch.GetTimestamp(), last;
        int rounds = 0;
        do
        {
            if ((last = measure()) == wanted)
            {
                return;
            }

            rounds++;
        }
        while (rounds < 5 || Stopwatch.GetElapsedTime(begin) < s_limit);
        Assert.Fail($"{last} bytes, not {wanted}, in the last of {rounds} measurements, none of which was right.");
    }
}
