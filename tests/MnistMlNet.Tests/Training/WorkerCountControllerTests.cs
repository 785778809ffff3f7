using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>Decisions from given times: no test here reads a clock.</summary>
public class WorkerCountControllerTests
{
    private const long Large = 1000 * WorkerCountController.MinWork;

    private static readonly long s_unit = WorkerCountController.FirstCredit / 1000;

    /// <summary>The time of a phase with one worker; with twice as many workers it takes half of it.</summary>
    private static readonly long s_alone = 80 * s_unit;

    private long _now = 1;

    [Fact]
    public void Phases_run_on_one_thread_for_a_while_and_until_the_core_of_another_is_known_to_be_free()
    {
        var count = new WorkerCountController(2, () => 2);
        Phases(count, 4, s_alone);

        Assert.Equal(1, count.For(Large));
        Assert.Equal((0, 0), count.Wanted(_now));
        Assert.Equal((0, 0), count.Wanted(_now + WorkerCountController.FirstPause - 1));
        Assert.Equal((1, 2), count.Wanted(_now + WorkerCountController.FirstPause));
        Assert.Equal(1, count.For(Large));
        count.Tested(WorkerCountController.MaxGap, _now + WorkerCountController.FirstPause);
        Assert.Equal(2, count.For(Large));
    }

    [Fact]
    public void Phases_of_a_work_that_was_not_timed_with_fewer_workers_are_timed_first()
    {
        WorkerCountController count = Grown(2, 2);
        const long Other = 3 * Large;

        for (int phase = 0; phase < 4; phase++)
        {
            Assert.Equal(1, count.For(Other));
            Phases(count, 1, 1000 * s_alone, Other);
        }

        Assert.Equal(2, count.For(Other));
        Assert.Equal(2, count.For(Large));
    }

    [Fact]
    public void A_worker_that_was_interrupted_gets_no_work_and_is_tested_again_after_a_long_pause()
    {
        var count = new WorkerCountController(2, () => 2);
        Phases(count, 4, s_alone);
        _now += WorkerCountController.FirstPause + 1;
        count.Wanted(1);

        count.Tested(WorkerCountController.MaxGap + 1, _now);

        Assert.Equal(1, count.For(Large));
        Assert.Equal((0, 0), count.Wanted(_now + WorkerCountController.PausePerLoss * WorkerCountController.MaxCredit - 1));
        Assert.Equal((1, 2), count.Wanted(_now + WorkerCountController.PausePerLoss * WorkerCountController.MaxCredit));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2 * WorkerCountController.MinWork - 1, 1)]
    [InlineData(2 * WorkerCountController.MinWork, 2)]
    [InlineData(4 * WorkerCountController.MinWork - 1, 2)]
    [InlineData(4 * WorkerCountController.MinWork, 4)]
    [InlineData(8 * WorkerCountController.MinWork, 8)]
    [InlineData(long.MaxValue, 8)]
    public void A_phase_has_as_many_workers_as_it_has_work_for(long work, int expected) =>
        Assert.Equal(expected, Grown(8, 8, work).For(work));

    [Theory]
    [InlineData(8, new[] { 2, 4, 8 })]
    [InlineData(6, new[] { 3, 6 })]
    [InlineData(7, new[] { 3, 7 })]
    [InlineData(1, new int[0])]
    public void Workers_about_double_each_time_that_the_credit_is_full(int most, int[] expected)
    {
        var count = new WorkerCountController(most, () => most);
        var seen = new List<int>();
        Phases(count, 4, s_alone);
        for (long time = s_alone / 2; Grow(count); time /= 2)
        {
            seen.Add(count.For(Large));
            Assert.Equal((0, 0), count.Wanted(_now));
            Phases(count, 2000, time);
        }

        Assert.Equal(expected, seen);
    }

    [Fact]
    public void The_worker_count_stays_while_phases_are_faster_than_with_half_the_workers()
    {
        WorkerCountController count = Grown(2, 2);

        Phases(count, 100_000, s_alone - s_unit);

        Assert.Equal(2, count.For(Large));
    }

    [Fact]
    public void Phases_that_are_slower_than_with_half_the_workers_use_up_the_credit_and_then_halve_the_workers()
    {
        WorkerCountController count = Grown(4, 4);                                         // including the credit of a trial

        Phases(count, 990, s_alone / 2 + s_unit);
        Assert.Equal(4, count.For(Large));

        Phases(count, 20, s_alone / 2 + s_unit);
        Assert.Equal(2, count.For(Large));
    }

    [Fact]
    public void An_occasional_lost_time_slice_changes_nothing()
    {
        WorkerCountController count = Grown(2, 2);
        for (int i = 0; i < 100; i++)
        {
            Phases(count, 200, s_alone / 2);
            Phases(count, 1, s_alone + WorkerCountController.MaxCredit / 2);
        }

        Assert.Equal(2, count.For(Large));
    }

    [Fact]
    public void A_time_slice_that_was_lost_alone_does_not_make_several_workers_look_faster()
    {
        var count = new WorkerCountController(2, () => 2);
        Phases(count, 20, s_alone);
        Phases(count, 1, WorkerCountController.MaxCredit);
        Grow(count);

        Phases(count, 200, s_alone + s_alone / 5);

        Assert.Equal(1, count.For(Large));
    }

    [Fact]
    public void More_workers_are_tried_again_after_a_pause_that_is_long_compared_with_the_lost_time_and_doubles_each_time()
    {
        WorkerCountController count = Grown(2, 2);
        long lost = 5 * WorkerCountController.FirstCredit, pause = WorkerCountController.PausePerLoss * lost;
        foreach (int doublings in (int[])[0, 1, 2, 3, 4, 4])
        {
            Phases(count, 1, s_alone + lost);

            Assert.Equal(1, count.For(Large));
            Assert.Equal((0, 0), count.Wanted(_now + (pause << doublings) - pause / 100));
            Assert.Equal((1, 2), count.Wanted(_now + (pause << doublings) + pause / 100));
            count.Tested(longestGap: 0, _now);
            Assert.Equal(2, count.For(Large));
        }

        Phases(count, 2000, s_alone / 2);                                                  // a success
        Phases(count, 1, 10 * WorkerCountController.MaxCredit);

        Assert.NotEqual(default, count.Wanted(_now + WorkerCountController.PausePerLoss * 10 * WorkerCountController.MaxCredit));
    }

    [Fact]
    public void If_every_trial_is_slower_no_more_than_a_twentieth_of_the_time_is_lost()
    {
        var count = new WorkerCountController(2, () => 2);
        Phases(count, 4, s_alone);
        long begin = _now, lost = 0, slice = WorkerCountController.MaxCredit / 2;
        for (int trial = 0; trial < 20; trial++)
        {
            UntilMoreAreWanted();
            count.Tested(longestGap: 0, _now);
            while (count.For(Large) == 2)
            {
                Phases(count, 1, s_alone + slice);
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

        Assert.InRange((double)lost / (_now - begin), 0.001, 0.05);
    }

    [Fact]
    public void Concurrent_trainings_share_the_processors_and_get_them_back()
    {
        int processors = 8;
        var count = new WorkerCountController(8, () => processors);
        Phases(count, 4, s_alone);
        for (long time = s_alone / 2; Grow(count); time /= 2)
        {
            Phases(count, 2000, time);
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

    /// <summary>A controller whose last trial has just begun; phases of <paramref name="work"/> are faster with more workers.</summary>
    private WorkerCountController Grown(int most, int processors, long work = Large)
    {
        var count = new WorkerCountController(most, () => processors);
        Phases(count, 4, s_alone, Timed(work));
        Phases(count, 4, s_alone);
        for (long time = s_alone / 2; Grow(count) && count.For(Large) < most; time /= 2)
        {
            Phases(count, 4, time, Timed(work));
            Phases(count, 2000, time);
        }

        return count;
    }

    private static long Timed(long work) => work < WorkerCountController.MinTimedWork ? Large : work;

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

    private void Phases(WorkerCountController count, int phases, long time, long work = Large)
    {
        for (int i = 0; i < phases; i++)
        {
            _now += time;
            count.Ended(work, time, _now);
        }
    }
}
