using System.Diagnostics;

namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>Makes a side from a short action: each round repeats it until the minimum time of a round is reached.</summary>
internal static class Repeat
{
    /// <param name="name">The side's name.</param>
    /// <param name="minSeconds">The approximate duration of a round.</param>
    /// <param name="action">The work; it is called several times here, to warm it up and to count how many calls a round needs.</param>
    public static Side Side(string name, double minSeconds, Action action)
    {
        // Tiered compilation replaces a method after 30 calls, in the background and with a delay; so only the second count is reliable.
        Count(action, Math.Max(0.5, minSeconds));
        Thread.Sleep(300);
        int calls = Count(action, minSeconds);
        return new Side(name, () =>
        {
            var clock = Stopwatch.StartNew();
            for (int i = 0; i < calls; i++)
            {
                action();
            }

            return clock.Elapsed.TotalSeconds / calls;
        });
    }

    /// <summary>Makes a side from a long action: one call per round.</summary>
    public static Side Once(string name, Action action) => new(name, () =>
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    });

    private static int Count(Action action, double seconds)
    {
        int calls = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds || calls == 0; calls++)
        {
            action();
        }

        return calls;
    }
}
