using System.Collections.Concurrent;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

public class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Each_active_worker_runs_once_in_each_phase_and_phases_do_not_overlap(int workers)
    {
        using var team = new WorkerTeam(workers);
        int[] runs = new int[workers];
        int[] expected = new int[workers];
        int running = 0;
        for (int phase = 1; phase <= 200; phase++)
        {
            // With nothing to do but wait, the team shrinks: those that take part are the first ones.
            for (int worker = 0; worker < team.ActiveCount; worker++)
            {
                expected[worker]++;
            }

            team.Run(worker =>
            {
                Interlocked.Increment(ref running);
                runs[worker]++;
                Interlocked.Decrement(ref running);
            });

            Assert.Equal(0, Volatile.Read(ref running));
            Assert.Equal(expected, runs);
        }
    }

    [Fact]
    public void A_worker_keeps_its_thread_and_the_caller_is_worker_zero()
    {
        using var team = new WorkerTeam(3);
        var threads = new ConcurrentDictionary<int, ConcurrentDictionary<int, bool>>();
        for (int phase = 0; phase < 20; phase++)
        {
            team.Run(worker => threads.GetOrAdd(worker, _ => []).TryAdd(Environment.CurrentManagedThreadId, true));
        }

        Assert.All(threads.Values, seen => Assert.Single(seen));
        Assert.Equal(3, threads.Values.SelectMany(seen => seen.Keys).Distinct().Count());
        Assert.Equal(Environment.CurrentManagedThreadId, Assert.Single(threads[0]).Key);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public void What_a_worker_throws_is_thrown_by_Run_after_all_are_done_and_the_team_goes_on(int workers, int thrower)
    {
        using var team = new WorkerTeam(workers);
        int done = 0;

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => team.Run(worker =>
        {
            if (worker == thrower)
            {
                throw new InvalidOperationException($"worker {worker}");
            }

            Interlocked.Increment(ref done);
        }));

        Assert.Equal($"worker {thrower}", e.Message);
        Assert.Equal(workers - 1, done);
        team.Run(_ => Interlocked.Increment(ref done));
        Assert.Equal(2 * workers - 1, done);
    }

    [Fact]
    public void Dispose_ends_the_threads()
    {
        var threads = new ConcurrentBag<Thread>();
        var team = new WorkerTeam(3);
        team.Run(worker =>
        {
            if (worker > 0)
            {
                threads.Add(Thread.CurrentThread);
            }
        });
        Assert.Equal(2, threads.Count(thread => thread.IsAlive));

        team.Dispose();

        Assert.DoesNotContain(threads, thread => thread.IsAlive);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Shares_follow_each_other_cover_all_and_differ_by_one_at_most(int workers)
    {
        using var team = new WorkerTeam(workers);
        foreach (int count in (int[])[0, 1, 7, 8, 784, int.MaxValue])
        {
            (int First, int End)[] shares = [.. Enumerable.Range(0, workers).Select(worker => team.Share(worker, count))];

            Assert.Equal((0, count), (shares[0].First, shares[^1].End));
            Assert.Equal(shares[..^1].Select(share => share.End), shares[1..].Select(share => share.First));
            Assert.InRange(shares.Max(share => share.End - share.First) - shares.Min(share => share.End - share.First), 0, 1);
        }
    }
}
