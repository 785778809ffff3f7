using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

public class AdaptiveCountTests
{
    [Fact]
    public void All_workers_go_on_while_waiting_takes_less_than_work()
    {
        var count = new AdaptiveCount(8);

        Assert.All(Enumerable.Range(0, 10_000), _ => Assert.Equal(8, count.Next(work: 10, wait: 9)));
    }

    [Fact]
    public void Waiting_longer_than_working_for_some_windows_halves_the_workers_and_then_window_by_window_down_to_one()
    {
        var count = new AdaptiveCount(8);
        Assert.Equal(8, Phases(count, (AdaptiveCount.PatientWindows - 1) * AdaptiveCount.WindowPhases, work: 10, wait: 11));

        int[] ends = [.. Enumerable.Range(1, 4).Select(_ => Phases(count, AdaptiveCount.WindowPhases, work: 10, wait: 11))];

        Assert.Equal([4, 2, 1, 1], ends);
    }

    [Fact]
    public void A_window_spoilt_now_and_then_is_put_up_with_and_most_windows_are_not()
    {
        var count = new AdaptiveCount(2);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(2, Phases(count, AdaptiveCount.WindowPhases, work: 10, wait: 1000));
            Assert.Equal(2, Phases(count, AdaptiveCount.WindowPhases, work: 10, wait: 1));
        }

        Phases(count, 2 * AdaptiveCount.WindowPhases, work: 10, wait: 1000);
        Phases(count, AdaptiveCount.WindowPhases, work: 10, wait: 1);
        Assert.Equal(1, Phases(count, 2 * AdaptiveCount.WindowPhases, work: 10, wait: 1000));
    }

    [Fact]
    public void A_single_long_first_phase_of_a_window_does_not_count()
    {
        var count = new AdaptiveCount(2);

        Assert.Equal(2, count.Next(work: 10, wait: 1_000_000));
        Assert.Equal(2, Phases(count, AdaptiveCount.WindowPhases, work: 10, wait: 1));
    }

    [Fact]
    public void All_workers_are_tried_again_after_a_while_and_later_each_time_that_it_was_in_vain()
    {
        var count = new AdaptiveCount(2);
        int[] pauses = new int[3];
        Phases(count, (AdaptiveCount.PatientWindows - 1) * AdaptiveCount.WindowPhases, work: 10, wait: 11);
        for (int i = 0; i < pauses.Length; i++)
        {
            Assert.Equal(1, Phases(count, AdaptiveCount.WindowPhases, work: 10, wait: 11));
            while (count.Next(work: 10, wait: 0) == 1)
            {
                pauses[i]++;
            }
        }

        Assert.InRange(pauses[0], AdaptiveCount.FirstRetreat - 2, AdaptiveCount.FirstRetreat + 2);
        Assert.InRange(pauses[1], 2 * pauses[0] - 2, 2 * pauses[0] + 2);
        Assert.InRange(pauses[2], 2 * pauses[1] - 2, 2 * pauses[1] + 2);
    }

    private static int Phases(AdaptiveCount count, int phases, long work, long wait)
    {
        int active = 0;
        for (int i = 0; i < phases; i++)
        {
            active = count.Next(work, wait);
        }

        return active;
    }
}
