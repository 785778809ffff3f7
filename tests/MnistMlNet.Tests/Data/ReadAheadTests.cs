using MnistMlNet.Data;
using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Data;

/// <summary>The same windows are delivered, with and without a read-ahead thread.</summary>
public sealed class ReadAheadTests
{
    private readonly PackedRows _rows = new PackedRowsBuilder(1, KernelSelector.Best).Build(null);

    [Fact]
    public void A_window_is_read_once_by_the_other_thread_if_it_is_first()
    {
        int reads = 0;
        var ahead = new ReadAhead(Count, work => work(null));

        Assert.Equal(1, reads);
        Assert.Same(_rows, ahead.Get());
        ahead.End();
        Assert.Equal(1, reads);

        PackedRows? Count()
        {
            reads++;
            return _rows;
        }
    }

    [Fact]
    public void A_window_is_read_by_the_requesting_thread_if_no_thread_can_be_started() =>
        Assert.Same(_rows, new ReadAhead(() => _rows, _ => throw new InsufficientMemoryException()).Get());

    [Fact]
    public void A_thread_that_starts_after_the_window_was_taken_reads_nothing()
    {
        WaitCallback? late = null;
        int reads = 0;
        var ahead = new ReadAhead(
            () =>
            {
                reads++;
                return _rows;
            },
            work => late = work);

        Assert.Same(_rows, ahead.Get());
        late!(null);

        Assert.Equal(1, reads);
    }

    [Fact]
    public void An_exception_while_reading_reaches_the_thread_that_requests_the_window_and_not_the_other()
    {
        var ahead = new ReadAhead(() => throw new InvalidDataException("row 3"), work => work(null));

        Assert.Equal("row 3", Assert.Throws<InvalidDataException>(ahead.Get).Message);
        ahead.End();
    }
}
