using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

public class PhaseTimesTests
{
    private const long Work = 1 << 20;

    private readonly PhaseTimes _times = new();

    [Fact]
    public void A_time_is_known_from_the_fourth_phase_on_and_in_proportion_to_the_work()
    {
        Add(3, Work, 1000);
        Assert.False(_times.TryGet(Work, out _));

        Add(1, Work, 1000);

        Assert.True(_times.TryGet(Work, out double time));
        Assert.Equal(1000, time, 1e-9);
        Assert.True(_times.TryGet(Work + Work / 16, out time));
        Assert.Equal(1062.5, time, 1e-9);
    }

    [Theory]
    [InlineData(Work - 1)]
    [InlineData(Work + Work / 8)]
    [InlineData(2 * Work)]
    [InlineData(long.MaxValue)]
    public void Other_works_have_other_times(long work)
    {
        Add(4, Work, 1000);
        Assert.False(_times.TryGet(work, out _));

        Add(4, work, 7);

        Assert.True(_times.TryGet(work, out double time));
        Assert.Equal(7, time, 1e-9);
    }

    [Fact]
    public void The_first_phases_are_forgotten_and_a_late_one_hardly_counts()
    {
        Add(1, Work, 100_000);
        Add(20, Work, 1000);
        _times.TryGet(Work, out double time);
        Assert.InRange(time, 1000, 1001);

        Add(1, Work, 1_000_000);

        _times.TryGet(Work, out time);
        Assert.InRange(time, 1062, 1064);
    }

    [Fact]
    public void Phases_that_have_become_slower_are_known_to_be_after_some_dozen()
    {
        Add(4, Work, 1000);
        Add(50, Work, 1500);

        _times.TryGet(Work, out double time);
        Assert.InRange(time, 1450, 1500);
    }

    private void Add(int phases, long work, long time)
    {
        for (int i = 0; i < phases; i++)
        {
            _times.Add(work, time);
        }
    }
}
