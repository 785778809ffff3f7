using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>Processor shares from given readings and times: no test here reads a clock or the machine's load.</summary>
public class ProcessorShareTests
{
    private long _now = 1;

    [Theory]
    [InlineData(2, 0, 2)]
    [InlineData(2, 1, 2)]
    [InlineData(2, 2, 1)]
    [InlineData(2, 8, 1)]
    [InlineData(16, 3, 5)]
    public void Each_of_several_trainings_gets_an_equal_share_of_the_processors_and_at_least_one(int processors, int teams, int expected) =>
        Assert.Equal(expected, ProcessorShare.GetEqualShare(processors, teams));

    [Theory]
    [InlineData(1, 2)]                                                             // the caller alone: one of two processors is free
    [InlineData(0, 1)]                                                             // another process uses the second processor
    [InlineData(-1, 1)]                                                            // and one more thread waits
    [InlineData(-7, 1)]
    [InlineData(62, 2)]                                                            // a process that may use two of 64 processors
    public void Processors_used_by_other_work_are_left_to_it(int free, int expected)
    {
        var share = new ProcessorShare(2, () => free);

        Read(share, 1, ownThreads: 1);

        Assert.Equal(expected, share.Count);
    }

    [Fact]
    public void Threads_of_the_team_itself_do_not_count_as_other_work()
    {
        var share = new ProcessorShare(8, () => 0);

        Read(share, 1, ownThreads: 8);

        Assert.Equal(8, share.Count);
    }

    [Fact]
    public void Before_the_first_reading_there_is_one_processor() => Assert.Equal(1, new ProcessorShare(8, () => 7).Count);

    [Fact]
    public void If_the_system_load_is_not_available_all_processors_count_as_free()
    {
        var share = new ProcessorShare(8, () => null);

        Read(share, 1, ownThreads: 1);

        Assert.Equal(8, share.Count);
    }

    [Fact]
    public void Other_work_during_one_reading_changes_nothing_and_lasting_work_takes_its_processor()
    {
        int free = 1;
        var share = new ProcessorShare(2, () => free);
        Read(share, 1, ownThreads: 1);

        free = 0;
        Read(share, 1, ownThreads: 1);
        int afterOne = share.Count;
        Read(share, 9, ownThreads: 1);

        Assert.Equal((2, 1), (afterOne, share.Count));

        free = 1;
        Read(share, 10, ownThreads: 1);
        Assert.Equal(2, share.Count);
    }

    private void Read(ProcessorShare share, int times, int ownThreads)
    {
        for (int i = 0; i < times; i++)
        {
            Assert.True(share.IsDue(_now));
            share.Update(_now, ownThreads);
            Assert.False(share.IsDue(_now + ProcessorShare.Interval - 1));
            _now += ProcessorShare.Interval;
        }
    }
}
