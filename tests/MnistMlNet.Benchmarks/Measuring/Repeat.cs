using System.Diagnostics;

namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>Makes a side of something short: as many calls as fill the least time of a round.</summary>
internal static class Repeat
{
    /// <param name="name">The side's name.</param>
    /// <param name="leastSeconds">How long a round shall take, about.</param>
    /// <param name="action">The work; called some times here, to warm it and to count how many calls a round needs.</param>
    public static Side Side(string name, double leastSeconds, Action action)
    {
        // Tiered compilation replaces a method after 30 calls, in the background and with a delay; so the second count is the one to
        // believe.
        Count(action, Math.Max(0.5, leastSeconds));
        Thread.Sleep(300);
        int calls = Count(action, leastSeconds);
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

    /// <summary>Makes a side of something long: one call a round.</summary>
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
