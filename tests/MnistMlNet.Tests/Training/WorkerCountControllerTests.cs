using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>Decisions from given times: no test here reads a clock.</summary>
public class WorkerCountControllerTests
{
    private const long Large = 1000 * WorkerCountController.MinWork;

    private static readonly long s_unit = WorkerCountController.FirstCredit / 1000;

    private long _now = 1;

    [Fact]
    public void Phases_run_on_one_thread_until_more_would_have_been_faster_for_a_while_and_the_cores_are_free()
    {
        var count = new WorkerCountController(2, () => 2);

        Assert.Equal(1, count.For(Large));
        Assert.Equal((0, 0), count.Wanted(_now));
        Assert.Equal((0, 0), count.Wanted(_now + WorkerCountController.FirstPause - 1));
        Assert.Equal((1, 2), count.Wanted(_now + WorkerCountController.FirstPause));
        Assert.Equal(1, count.For(Large));
        count.Tested(WorkerCountController.MaxGap, _now + WorkerCountController.FirstPause);
        Assert.Equal(2, count.For(Large));
    }

    [Fact]
    public void A_worker_that_was_interrupted_gets_no_work_and_is_tested_again_after_a_long_pause()
    {
        var count = new WorkerCountController(2, () => 2);
        _now += WorkerCountController.FirstPause + 1;
        count.Wanted(1);

        count.Tested(WorkerCountController.MaxGap + 1, _now);

        Assert.Equal(1, count.For(Large));
        Assert.Equal((0, 0), count.Wanted(_now + WorkerCountController.PausePerLoss * WorkerCountController.MaxCredit - 1));
        Assert.Equal((1, 2), count.Wanted(_now + WorkerCountController.PausePerLoss * WorkerCountController.MaxCredit));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2 * WorkerCountController.MinWork - 1, 1)]
    [InlineData(2 * WorkerCountController.MinWork, 2)]
    [InlineData(4 * WorkerCountController.MinWork - 1, 2)]
    [InlineData(4 * WorkerCountController.MinWork, 4)]
    [InlineData(8 * WorkerCountController.MinWork, 8)]
    [InlineData(long.MaxValue, 8)]
    public void A_phase_has_as_many_workers_as_it_has_work_for(long work, int expected) => Assert.Equal(expected, Grown(8, 8).For(work));

    [Theory]
    [InlineData(8, new[] { 2, 4, 8 })]
    [InlineData(6, new[] { 3, 6 })]
    [InlineData(7, new[] { 3, 7 })]
    [InlineData(1, new int[0])]
    public void Workers_about_double_each_time_that_the_credit_is_full(int most, int[] expected)
    {
        var count = new WorkerCountController(most, () => most);
        var seen = new List<int>();
        while (Grow(count))
        {
            seen.Add(count.For(long.MaxValue));
            Assert.Equal((0, 0), count.Wanted(_now));
            Phases(count, 8, work: WorkerCountController.MaxCredit, wait: 0);
        }

        Assert.Equal(expected, seen);
    }

    [Fact]
    public void The_worker_count_stays_while_waiting_takes_less_than_work()
    {
        WorkerCountController count = Grown(2, 2);

        Phases(count, 100_000, work: 10 * s_unit, wait: 9 * s_unit);

        Assert.Equal(2, count.For(Large));
    }

    [Fact]
    public void Waiting_longer_than_working_uses_up_the_credit_and_then_halves_the_workers()
    {
        WorkerCountController count = Grown(4, 4);                                         // including the credit of a trial

        Phases(count, 1000, work: 10 * s_unit, wait: 11 * s_unit);
        Assert.Equal(4, count.For(Large));

        Phases(count, 1, work: 10 * s_unit, wait: 11 * s_unit);
        Assert.Equal(2, count.For(Large));
    }

    [Fact]
    public void An_occasional_lost_time_slice_changes_nothing()
    {
        WorkerCountController count = Grown(2, 2);
        long slice = WorkerCountController.MaxCredit / 2;
        for (int i = 0; i < 100; i++)
        {
            Phases(count, 20, work: slice / 10, wait: 0);
            Phases(count, 1, work: s_unit, wait: slice);
        }

        Assert.Equal(2, count.For(Large));
    }

    [Fact]
    public void More_workers_are_tried_again_after_a_pause_that_is_long_compared_with_the_lost_time()
    {
        WorkerCountController count = Grown(2, 2);
        long lost = 5 * WorkerCountController.FirstCredit;

        Phases(count, 1, work: 0, wait: lost);

        Assert.Equal(1, count.For(Large));
        Assert.Equal((0, 0), count.Wanted(_now + WorkerCountController.PausePerLoss * lost - 1));
        Assert.Equal((1, 2), count.Wanted(_now + WorkerCountController.PausePerLoss * lost));
    }

    [Fact]
    public void If_every_trial_is_slower_no_more_than_a_twentieth_of_the_time_is_lost()
    {
        var count = new WorkerCountController(2, () => 2);
        long begin = _now, lost = 0, slice = WorkerCountController.MaxCredit / 2;
        for (int trial = 0; trial < 20; trial++)
        {
            UntilMoreAreWanted();
            count.Tested(longestGap: 0, _now);
            while (count.For(Large) == 2)
            {
                Phases(count, 1, work: s_unit, wait: slice);
                lost += slice;
            }
        }

        UntilMoreAreWanted();

        void UntilMoreAreWanted()
        {
            while (count.Wanted(_now) == default)
            {
                _now += 100 * s_unit;
            }
        }

        Assert.InRange((double)lost / (_now - begin), 0.01, 0.05);
    }

    [Fact]
    public void Partitions_that_the_caller_did_for_a_late_worker_do_not_change_the_credit()
    {
        WorkerCountController count = Grown(2, 2);

        for (int i = 0; i < 100_000; i++)
        {
            count.Ended(work: 10 * s_unit, wait: 0, shares: 2, _now);
        }

        Assert.Equal(2, count.For(Large));
        Phases(count, 1, work: 0, wait: WorkerCountController.FirstCredit + 1);
        Assert.Equal(1, count.For(Large));
    }

    [Fact]
    public void Concurrent_trainings_share_the_processors_and_get_them_back()
    {
        int processors = 8;
        var count = new WorkerCountController(8, () => processors);
        while (Grow(count))
        {
            Phases(count, 8, work: WorkerCountController.MaxCredit, wait: 0);
        }

        Assert.Equal(8, count.For(Large));
        foreach ((int share, int expected) in ((int, int)[])[(4, 4), (3, 2), (1, 1), (0, 1), (8, 8)])
        {
            processors = share;
            Assert.Equal(expected, count.For(Large));
        }
    }

    [Fact]
    public void While_others_train_no_further_worker_is_requested()
    {
        var count = new WorkerCountController(2, () => 1);
        count.Wanted(_now);

        Assert.Equal((0, 0), count.Wanted(_now + 1000 * WorkerCountController.FirstPause));
    }

    private WorkerCountController Grown(int most, int processors)
    {
        var count = new WorkerCountController(most, () => processors);
        while (Grow(count) && count.For(long.MaxValue) < most)
        {
            Phases(count, 8, work: WorkerCountController.MaxCredit, wait: 0);
        }

        return count;
    }

    /// <summary>Advances the time until the controller requests more workers, and reports their cores as free.</summary>
    /// <returns>Whether more workers are requested at all.</returns>
    private bool Grow(WorkerCountController count)
    {
        count.Wanted(_now);
        _now += 1000 * WorkerCountController.MaxCredit;
        if (count.Wanted(_now) == default)
        {
            return false;
        }

        count.Tested(longestGap: 0, _now);
        return true;
    }

    private void Phases(WorkerCountController count, int phases, long work, long wait)
    {
        for (int i = 0; i < phases; i++)
        {
            _now += work + wait;
            count.Ended(work, wait, shares: 1, _now);
        }
    }
}
