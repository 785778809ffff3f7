using System.Diagnostics;

namespace MnistMlNet.Tests.Trust;

/// <summary>Waits for what another thread or process does, but not for ever: a test that hangs must say what didn't come.</summary>
internal static class Waiting
{
    /// <summary>Far more than anything takes that is waited for here, also on a busy machine: it only ends what would never end.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Asks again and again until it is so.</summary>
    /// <param name="isSo">Tells whether it is.</param>
    /// <param name="what">What is waited for and how far it is, for the message.</param>
    public static async Task Until(Func<Task<bool>> isSo, Func<string> what)
    {
        long begin = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(begin) > Limit)
            {
                throw Over(what(), null);
            }

            await Task.Delay(20);
        }
    }

    /// <inheritdoc cref="Until(Func{Task{bool}}, Func{string})"/>
    public static Task Until(Func<bool> isSo, Func<string> what) => Until(() => Task.FromResult(isSo()), what);

    /// <summary>Waits for a task, whose result or error it gives.</summary>
    /// <param name="task">The task.</param>
    /// <param name="what">What is waited for, for the message.</param>
    public static async Task<T> For<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Limit);
        }
        catch (TimeoutException e)
        {
            throw Over(what, e);
        }
    }

    private static TimeoutException Over(string what, Exception? cause) =>
        new($"Waited {Limit.TotalMinutes} minutes for {what}.", cause);
}
