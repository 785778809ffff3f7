namespace MnistMlNet.Configuration;

/// <summary>Decides how many workers take part in a phase. It changes no bit of a result, so it may change at any phase.</summary>
/// <remarks>All times are timestamps in ticks of <see cref="System.Diagnostics.Stopwatch"/>, given from outside.</remarks>
internal interface IWorkerCount
{
    /// <summary>Gets whether the caller does the share of a worker that hasn't begun when the caller's own share is done.</summary>
    bool TakesOver { get; }

    /// <summary>How many take part in a phase: the most workers, halved (and rounded down) any number of times.</summary>
    /// <param name="work">The work of the phase, in multiply-adds.</param>
    int For(long work);

    /// <summary>Which further workers shall show that their cores are free, before phases are shared out to them: the first, and one
    /// behind the last; both 0 for none.</summary>
    (int First, int End) Wanted(long now);

    /// <summary>Takes note of how long the longest interruption was while the wanted workers were tested.</summary>
    void Tested(long longestGap, long now);

    /// <summary>Takes note of a phase that was shared out.</summary>
    /// <param name="work">How long the caller worked, for itself and for others.</param>
    /// <param name="wait">How long it did nothing else but wake the others and wait for them.</param>
    /// <param name="shares">How many shares the caller did: 1, and one more for each worker that came too late.</param>
    void Ended(long work, long wait, int shares, long now);
}
