using System.Text;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tests.Primitives;

public class ProcessorLoadTests
{
    [Theory]
    [InlineData("0.20 0.18 0.12 3/123 8338\n", 3)]
    [InlineData("0.20 0.18 0.12 1234/98765 8338\n", 1234)]
    [InlineData("0.20 0.18 0.12", null)]
    [InlineData("0.20 x/123 8338", null)]
    [InlineData("", null)]
    public void Runnable_threads_are_the_number_before_the_slash(string text, int? expected) =>
        Assert.Equal(expected, ProcessorLoad.ParseRunnable(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData("0-1\n", 2)]
    [InlineData("0", 1)]
    [InlineData("0-3,8,10-11\n", 7)]
    [InlineData("", 0)]
    [InlineData("3-1", 0)]
    [InlineData("all", 0)]
    public void Processors_are_counted_by_ranges(string list, int expected) => Assert.Equal(expected, ProcessorLoad.ParseOnline(list));

    [Fact]
    public void Threads_that_run_all_the_time_are_counted()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Null(ProcessorLoad.ReadFree());
            return;
        }

        const int count = 5;
        int started = 0;
        bool isOver = false;
        Thread[] threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(Spin))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        while (Volatile.Read(ref started) < count)
        {
            Thread.Yield();
        }

        int? free = ProcessorLoad.ReadFree();
        Volatile.Write(ref isOver, true);
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.True(free <= ProcessorLoad.Processors - count,
            $"{count} threads ran on {ProcessorLoad.Processors} processors, and {free} were said to be free.");

        void Spin()
        {
            Interlocked.Increment(ref started);
            while (!Volatile.Read(ref isOver))
            {
                Thread.SpinWait(10);
            }
        }
    }
}
