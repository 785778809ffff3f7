using MnistMlNet.Configuration;

namespace MnistMlNet.Tests.Training;

/// <summary>
/// Uses all workers in every phase, however small, each on its own thread, so that a test of few rows uses several threads.
/// </summary>
internal sealed class AllWorkers(int most) : IWorkerCount
{
    public static Func<int, IWorkerCount> Of { get; } = most => new AllWorkers(most);

    public bool TakesOver => false;

    public int For(long work) => most;

    public (int First, int End) Wanted(long now) => default;

    public void Tested(long longestGap, long now)
    {
    }

    public void Ended(long work, long time, long now)
    {
    }
}
