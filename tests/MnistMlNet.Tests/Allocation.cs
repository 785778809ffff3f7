using System.Diagnostics;

namespace MnistMlNet.Tests;

/// <summary>
/// What code allocates in every call. Code that isn't compiled for good yet may allocate more, and while other tests start methods of
/// theirs the runtime puts that compilation off; a collection counts as a few bytes, too. So a figure that isn't the wanted one is
/// measured again. What every call allocates shows each time.
/// </summary>
internal static class Allocation
{
    private const int MinRounds = 200;

    /// <summary>Longer than the runtime puts compilation off. Only a failing test takes it.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    /// <summary>Fails if no call of the action allocates nothing.</summary>
    public static void AssertNone(Action action) => AssertAgain(() => Of(action), 0);

    /// <summary>Fails if the two figures, the least that each action allocates, stay different.</summary>
    public static void AssertSame(Func<long> first, Func<long> second) => AssertAgain(() => second() - first(), 0);

    /// <summary>Gets the least of what this thread allocates in 200 calls.</summary>
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
