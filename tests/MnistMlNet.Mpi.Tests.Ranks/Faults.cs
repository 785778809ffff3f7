namespace MnistMlNet.Mpi.Tests.Ranks;

/// <summary>Ranks that fail, or wait for a test to kill them or to cut their network.</summary>
internal static class Faults
{
    /// <summary>One rank throws, while the others wait for it.</summary>
    public static void Throw(MpiCollective mpi, int rank)
    {
        Sum(mpi);
        if (mpi.Rank == rank)
        {
            throw new InvalidDataException("a message for the test");
        }

        Sum(mpi);
    }

    /// <summary>One rank comes to its end, while the others wait for it.</summary>
    public static void Leave(MpiCollective mpi)
    {
        if (mpi.Rank > 0)
        {
            Sum(mpi);
        }
    }

    /// <summary>Says its process number, then adds until the end of days.</summary>
    public static void SumWithoutEnd(MpiCollective mpi)
    {
        Sum(mpi);
        Console.WriteLine($"rank {mpi.Rank} is process {Environment.ProcessId} on {mpi.HostName}");
        while (true)
        {
            Sum(mpi);
        }
    }

    private static void Sum(MpiCollective mpi)
    {
        float[] mine = new float[50_000], sum = new float[50_000];
        mpi.Sum(mine, sum);
    }
}
