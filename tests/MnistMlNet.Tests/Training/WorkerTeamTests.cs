using System.Collections.Concurrent;
using MnistMlNet.Configuration;
using MnistMlNet.Tests.Trust;
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
        using var team = new WorkerTeam(workers, AllWorkers.Of);
        int[] runs = new int[workers];
        int[] expected = new int[workers];
        int running = 0;
        for (int phase = 1; phase <= 200; phase++)
        {
            Array.Fill(expected, phase);
            team.Run(worker =>
            {
                Interlocked.Increment(ref running);
                runs[worker]++;
                Interlocked.Decrement(ref running);
            }, work: 1);

            Assert.Equal(0, Volatile.Read(ref running));
            Assert.Equal(expected, runs);
        }
    }

    [Fact]
    public void A_worker_keeps_its_thread_and_the_caller_is_worker_zero()
    {
        using var team = new WorkerTeam(3, AllWorkers.Of);
        var threads = new ConcurrentDictionary<int, ConcurrentDictionary<int, bool>>();
        for (int phase = 0; phase < 20; phase++)
        {
            team.Run(worker => threads.GetOrAdd(worker, _ => []).TryAdd(Environment.CurrentManagedThreadId, true), work: 1);
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
    public void An_exception_of_a_worker_is_thrown_by_Run_after_all_are_done_and_the_team_stays_usable(int workers, int thrower)
    {
        using var team = new WorkerTeam(workers, AllWorkers.Of);
        int done = 0;

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => team.Run(worker =>
        {
            if (worker == thrower)
            {
                throw new InvalidOperationException($"worker {worker}");
            }

            Interlocked.Increment(ref done);
        }, work: 1));

        Assert.Equal($"worker {thrower}", e.Message);
        Assert.Equal(workers - 1, done);
        team.Run(_ => Interlocked.Increment(ref done), work: 1);
        Assert.Equal(2 * workers - 1, done);
    }

    [Fact]
    public void Dispose_ends_the_threads()
    {
        var threads = new ConcurrentBag<Thread>();
        var team = new WorkerTeam(3, AllWorkers.Of);
        team.Run(worker =>
        {
            if (worker > 0)
            {
                threads.Add(Thread.CurrentThread);
            }
        }, work: 1);
        Assert.Equal(2, threads.Count(thread => thread.IsAlive));

        team.Dispose();

        Assert.DoesNotContain(threads, thread => thread.IsAlive);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Partitions_are_consecutive_cover_all_and_differ_by_one_at_most(int workers)
    {
        using var team = new WorkerTeam(workers, AllWorkers.Of);
        team.Run(_ => { }, work: 1);
        foreach (int count in (int[])[0, 1, 7, 8, 784, int.MaxValue])
        {
            (int First, int End)[] shares = [.. Enumerable.Range(0, workers).Select(worker => team.GetRange(worker, count))];

            Assert.Equal((0, count), (shares[0].First, shares[^1].End));
            Assert.Equal(shares[..^1].Select(share => share.End), shares[1..].Select(share => share.First));
            Assert.InRange(shares.Max(share => share.End - share.First) - shares.Min(share => share.End - share.First), 0, 1);
        }
    }

    [Fact]
    public void No_thread_is_started_for_phases_that_are_too_small_however_many_they_are()
    {
        using var team = new WorkerTeam(8);
        int runs = 0;

        for (int phase = 0; phase < 100_000; phase++)
        {
            team.Run(_ => runs++, work: 2 * WorkerCountController.MinWork - 1);
        }

        Assert.Equal((100_000, 0), (runs, team.ThreadCount));
    }

    [Fact]
    public void A_thread_is_started_when_a_phase_has_a_partition_for_it()
    {
        var counts = new GivenCounts();
        using var team = new WorkerTeam(8, _ => counts);
        foreach (int count in (int[])[1, 2, 1, 4, 2])
        {
            counts.Next = count;
            int runs = 0;
            team.Run(_ => Interlocked.Increment(ref runs), work: 1);
            Assert.Equal((count, count), (runs, team.ActiveCount));
        }

        Assert.Equal(3, team.ThreadCount);
    }

    [Fact]
    public void Every_partition_is_done_once_whether_its_worker_arrives_in_time_or_not()
    {
        // Workers that join only some phases, with no work in them: many arrive too late, and the caller takes over their partitions.
        var counts = new GivenCounts { TakesOver = true };
        using var team = new WorkerTeam(4, _ => counts);
        int[] runs = new int[4], expected = new int[4];
        for (int phase = 0; phase < 20_000; phase++)
        {
            counts.Next = 4 >> phase % 3;
            for (int worker = 0; worker < counts.Next; worker++)
            {
                expected[worker]++;
            }

            team.Run(worker => Interlocked.Increment(ref runs[worker]), work: 1);
            Assert.Equal(expected, runs);
        }

        Assert.Equal(0, counts.Phases);                                                    // too short to be timed
    }

    [Fact]
    public void Phases_that_are_long_enough_are_timed_whatever_the_number_of_workers()
    {
        var counts = new GivenCounts { TakesOver = true };
        using WorkerTeam team = new WorkerTeam(2, _ => counts), alone = new WorkerTeam(1, _ => counts);
        foreach (int count in (int[])[1, 2, 1, 2, 2])
        {
            counts.Next = count;
            team.Run(_ => { }, WorkerCountController.MinTimedWork);
            team.Run(_ => { }, WorkerCountController.MinTimedWork - 1);
        }

        counts.Next = 1;
        alone.Run(_ => { }, WorkerCountController.MinTimedWork);

        Assert.Equal(5, counts.Phases);
    }

    [Fact]
    public void The_caller_does_the_partitions_of_workers_that_have_not_begun_when_it_is_done()
    {
        var counts = new GivenCounts { TakesOver = true, Next = 3 };
        using var team = new WorkerTeam(3, _ => counts);
        using var release = new ManualResetEventSlim();
        int caller = Environment.CurrentManagedThreadId, byCaller = 0;

        // Whichever of the two workers arrives first stays in its partition until the caller has finished its own and, if the other worker
        // didn't arrive, also that worker's partition.
        team.Run(
            worker =>
            {
                if (Environment.CurrentManagedThreadId == caller)
                {
                    byCaller++;
                    release.Set();
                }
                else
                {
                    Assert.True(release.Wait(Waiting.Limit), "The caller didn't end its share.");
                }
            },
            work: 1);

        Assert.InRange(byCaller, 1, 3);
    }

    [Fact]
    public void Sleeping_workers_wake_up_when_they_are_needed()
    {
        using var team = new WorkerTeam(3, AllWorkers.Of);
        for (int phase = 0; phase < 3; phase++)
        {
            int runs = 0;
            team.Run(_ => Interlocked.Increment(ref runs), work: 1);
            Assert.Equal(3, runs);
            Assert.True(SpinWait.SpinUntil(() => team.SleepingCount == 2, TimeSpan.FromMinutes(1)), "The workers still look for work.");
        }
    }

    [Fact]
    public void New_workers_are_tested_and_what_the_test_shows_is_reported_once()
    {
        var counts = new GivenCounts { ToTest = (1, 3) };
        using var team = new WorkerTeam(4, _ => counts);

        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                team.Run(_ => { }, work: 2 * WorkerCountController.MinWork);
                return counts.Gaps.Count > 0;
            },
            TimeSpan.FromMinutes(1)), "The test didn't end.");

        Assert.Equal(2, team.ThreadCount);
        Assert.True(Assert.Single(counts.Gaps) > 0);
    }

    /// <summary>Always as many workers as the test sets.</summary>
    private sealed class GivenCounts : IWorkerCount
    {
        public int Next { get; set; } = 1;

        public bool TakesOver { get; init; }

        public (int First, int End) ToTest { get; set; }

        public int Phases { get; private set; }

        public List<long> Gaps { get; } = [];

        public int For(long work) => Next;

        public (int First, int End) Wanted(long now) => ToTest;

        public void Tested(long longestGap, long now)
        {
            ToTest = default;
            Gaps.Add(longestGap);
        }

        public void Ended(long work, long time, long now) => Phases++;
    }
}
