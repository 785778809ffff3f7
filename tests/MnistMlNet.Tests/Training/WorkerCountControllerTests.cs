using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>Decisions by given times: nothing here looks at a clock.</summary>
public class WorkerCountControllerTests
{
    private const long Large = 1000 * WorkerCountController.MinWork;

    private static readonly long s_unit = WorkerCountController.FirstCredit / 1000;

    private long _now = 1;

    [Fact]
    public void Phases_run_alone_until_sharing_has_been_worth_it_for_a_while_and_the_cores_are_free()
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
    public void Workers_go_on_while_waiting_takes_less_than_work()
    {
        WorkerCountController count = Grown(2, 2);

        Phases(count, 100_000, work: 10 * s_unit, wait: 9 * s_unit);

        Assert.Equal(2, count.For(Large));
    }

    [Fact]
    public void Waiting_longer_than_working_uses_up_the_credit_and_then_half_the_workers_go_on()
    {
        WorkerCountController count = Grown(4, 4);                                         // with the credit of a trial

        Phases(count, 1000, work: 10 * s_unit, wait: 11 * s_unit);
        Assert.Equal(4, count.For(Large));

        Phases(count, 1, work: 10 * s_unit, wait: 11 * s_unit);
        Assert.Equal(2, count.For(Large));
    }

    [Fact]
    public void A_lost_slice_of_time_now_and_then_changes_nothing()
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
    public void More_workers_are_tried_again_after_a_pause_that_is_long_against_what_was_lost()
    {
        WorkerCountController count = Grown(2, 2);
        long lost = 5 * WorkerCountController.FirstCredit;

        Phases(count, 1, work: 0, wait: lost);

        Assert.Equal(1, count.For(Large));
        Assert.Equal((0, 0), count.Wanted(_now + WorkerCountController.PausePerLoss * lost - 1));
        Assert.Equal((1, 2), count.Wanted(_now + WorkerCountController.PausePerLoss * lost));
    }

    [Fact]
    public void Where_every_trial_loses_no_more_than_a_twentieth_of_the_time_is_lost()
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
    public void Shares_that_the_caller_did_for_a_late_worker_gain_nothing_and_lose_nothing()
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
    public void Trainings_at_once_share_the_processors_and_get_them_back()
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
    public void Where_others_train_at_once_no_further_worker_is_wanted()
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

    /// <summary>Lets time pass until more workers are wanted, and finds their cores free.</summary>
    /// <returns>Whether more are wanted at all.</returns>
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
