namespace MnistMlNet.Training;

/// <summary>How many trainings run in this process: they share its processors.</summary>
internal static class RunningTeams
{
    private static int s_count;

    /// <summary>Gets how many processors each team may use: an equal share, at least one.</summary>
    public static int ProcessorsForEach => GetShare(Environment.ProcessorCount, Volatile.Read(ref s_count));

    public static void Begin() => Interlocked.Increment(ref s_count);

    public static void End() => Interlocked.Decrement(ref s_count);

    internal static int GetShare(int processors, int teams) => Math.Max(1, processors / Math.Max(1, teams));
}
