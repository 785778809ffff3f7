using System.Diagnostics;
using System.Globalization;

namespace MnistMlNet.Mpi.Tests.Ranks;

/// <summary>The time of a sum by its size, as docs/distributed.md has it: the median of the calls, from rank 0's clock.</summary>
internal static class Times
{
    private static readonly (string Name, int Length, int Blocks)[] s_cases =
    [
        ("2.5 KB", 640, 1), ("5 KB", 1280, 1), ("5 KB, 4 blocks", 1280, 4), ("5 KB, 16 blocks", 1280, 16),
        ("16 KB", 4096, 1), ("40 KB", 10_240, 1), ("102 KB", 25_450, 1), ("407 KB", 101_770, 1), ("2.5 MB", 636_010, 1),
        ("10 MB", 2_621_440, 1),
    ];

    public static void Print(MpiCollective mpi, int calls)
    {
        if (mpi.Rank == 0)
        {
            Console.WriteLine($"{mpi.LibraryVersion}, {mpi.Size} ranks");
        }

        foreach ((string name, int length, int blocks) in s_cases)
        {
            float[] mine = new float[length * blocks], sum = new float[length];
            int count = length > 200_000 ? Math.Max(10, calls / 5) : calls;
            var times = new double[count];
            byte[] one = new byte[1], all = new byte[mpi.Size];
            for (int i = -20; i < count; i++)
            {
                mpi.Gather(one, all);                                       // all begin at the same time
                long start = Stopwatch.GetTimestamp();
                mpi.Sum(mine, sum);
                if (i >= 0)
                {
                    times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                }
            }

            Array.Sort(times);
            if (mpi.Rank == 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name,-16} {times[count / 2],9:F1} us, from {times[count / 10],9:F1} to {times[count * 9 / 10],9:F1} (deciles)"));
            }
        }
    }
}
