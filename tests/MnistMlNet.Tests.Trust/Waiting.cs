using System.Diagnostics;

namespace MnistMlNet.Tests.Trust;

/// <summary>Waits for another thread or process, with a limit: a test that hangs must report what didn't happen.</summary>
internal static class Waiting
{
    /// <summary>Far longer than any of these waits takes, also on a busy machine: it only ends waits that would never end.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Checks repeatedly until the condition is true.</summary>
    /// <param name="isSo">Returns whether the condition is true.</param>
    /// <param name="what">The condition and the progress so far, for the message.</param>
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

    /// <summary>Waits for a task, and gives its result or error.</summary>
    /// <param name="task">The task.</param>
    /// <param name="what">The awaited event, for the message.</param>
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
