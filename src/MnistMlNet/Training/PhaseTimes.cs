using System.Numerics;

namespace MnistMlNet.Training;

/// <summary>The usual time of phases, by their work: what a phase would take with the number of workers at which it was measured.</summary>
/// <remarks>Works that differ by less than an eighth are taken together, so that the table is small. A single late phase, in which a thread
/// has lost its core, hardly counts: a time moves the mean up by at most a sixteenth of it, but down by half of the difference.</remarks>
internal sealed class PhaseTimes
{
    /// <summary>There are eight steps from a work to its double.</summary>
    private const int StepBits = 3;

    /// <summary>The number of times after which a mean is used: the first ones touch new memory and run code that isn't compiled for good.
    /// </summary>
    private const int MinCount = 4;

    private readonly (double PerWork, int Count)[] _means = new (double, int)[64 << StepBits];

    /// <summary>Gets the usual time of a phase.</summary>
    /// <returns>Whether enough times were added.</returns>
    public bool TryGet(long work, out double time)
    {
        (double perWork, int count) = _means[Place(work)];
        time = perWork * work;
        return count >= MinCount;
    }

    /// <summary>Adds the time that a phase has taken.</summary>
    public void Add(long work, long time)
    {
        ref (double PerWork, int Count) mean = ref _means[Place(work)];
        double perWork = (double)time / work;
        if (mean.Count == 0 || perWork < mean.PerWork)
        {
            mean.PerWork = mean.Count == 0 ? perWork : (mean.PerWork + perWork) / 2;
        }
        else
        {
            mean.PerWork += (Math.Min(perWork, 2 * mean.PerWork) - mean.PerWork) / 16;
        }

        mean.Count = Math.Min(mean.Count + 1, MinCount);
    }

    private static int Place(long work)
    {
        int doubling = BitOperations.Log2((ulong)work);
        return (int)(((long)doubling << StepBits) + (work - (1L << doubling) >> doubling - StepBits));
    }
}
