using System.Collections.Concurrent;
using MnistMlNet.Configuration;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>
/// If the user may start no more threads, .NET throws an OutOfMemoryException; training continues with the threads that it has.
/// </summary>
public sealed class UnstartableThreadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Threads_that_could_be_started_do_all_partitions_and_no_other_is_tried_again(int startable)
    {
        int tried = 0;
        using var team = new WorkerTeam(4, AllWorkers.Of)
        {
            StartThread = thread =>
            {
                if (tried++ == startable)
                {
                    throw new InsufficientMemoryException();
                }

                thread.Start();
            },
        };
        for (int phase = 0; phase < 10; phase++)
        {
            var shares = new ConcurrentBag<(int First, int End)>();
            team.Run(worker => shares.Add(team.GetRange(worker, 100)), work: 2 * WorkerCountController.MinWork);

            Assert.Equal(startable + 1, shares.Count);
            Assert.Equal(100, shares.Sum(share => share.End - share.First));
        }

        Assert.Equal((startable, startable + 1), (team.ThreadCount, tried));
    }

    [Fact]
    public void A_test_of_workers_that_cannot_be_started_is_never_begun()
    {
        var counts = new WantsThree();
        using var team = new WorkerTeam(4, _ => counts) { StartThread = _ => throw new InsufficientMemoryException() };
        int runs = 0;
        for (int phase = 0; phase < 10; phase++)
        {
            team.Run(_ => runs++, work: 2 * WorkerCountController.MinWork);
        }

        Assert.Equal((10, 0, 0), (runs, team.ThreadCount, counts.Tests));
    }

    /// <summary>There is one worker, but three are requested.</summary>
    private sealed class WantsThree : IWorkerCount
    {
        public int Tests { get; private set; }

        public bool TakesOver => true;

        public int For(long work) => 1;

        public (int First, int End) Wanted(long now) => (1, 3);

        public void Tested(long longestGap, long now) => Tests++;

        public void Ended(long work, long time, long now)
        {
        }
    }
}
