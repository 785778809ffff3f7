using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MnistMlNet.Mpi.Tests.Ranks;

/// <summary>Sums of the same twelve blocks, however many ranks there are and whichever has which.</summary>
internal static class Sums
{
    private const int Blocks = 12;

    // Below, at and above the lengths at which another way of adding begins; one element, and none.
    private static readonly int[] s_lengths = [0, 1, 10, 341, 342, 4096, 4097, 16_384, 16_385, 50_000, 300_001];

    public static void Print(MpiCollective mpi)
    {
        foreach (int length in s_lengths)
        {
            float[][] blocks = [.. Enumerable.Range(0, Blocks).Select(b => Block(b, length))];
            foreach ((string name, int[] starts) in Divisions(mpi.Size))
            {
                var sum = new float[length];
                float[] mine = [.. blocks[starts[mpi.Rank]..starts[mpi.Rank + 1]].SelectMany(block => block)];
                for (int call = 0; call < 2; call++)                        // the second one knows the plan of the first
                {
                    sum.AsSpan().Fill(float.NaN);
                    mpi.Sum(mine, sum);
                }

                string hash = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(sum)))[..16];
                bool isRight = MemoryMarshal.AsBytes<float>(sum).SequenceEqual(MemoryMarshal.AsBytes<float>(InOrder(blocks, length)));
                Console.WriteLine($"rank {mpi.Rank} length {length} division {name} sum {hash} {(isRight ? "right" : "WRONG")}");
            }
        }
    }

    /// <summary>What this thread allocates in calls after the first ones, over all lengths.</summary>
    public static void PrintAllocations(MpiCollective mpi)
    {
        float[] blocks = new float[2 * s_lengths[^1]], sum = new float[s_lengths[^1]];
        long before = 0;
        for (int call = 0; call < 20; call++)
        {
            before = call == 10 ? GC.GetAllocatedBytesForCurrentThread() : before;
            foreach (int length in s_lengths)
            {
                mpi.Sum(blocks.AsSpan(0, 2 * length), sum.AsSpan(0, length));
            }
        }

        Console.WriteLine($"rank {mpi.Rank} allocates {GC.GetAllocatedBytesForCurrentThread() - before} bytes");
    }

    /// <summary>How the blocks are divided among the ranks: rank r has those from starts[r] to starts[r + 1].</summary>
    private static IEnumerable<(string Name, int[] Starts)> Divisions(int size)
    {
        yield return ("even", [.. Enumerable.Range(0, size + 1).Select(r => Blocks * r / size)]);
        yield return ("first", [0, .. Enumerable.Repeat(Blocks, size)]);
        yield return ("last", [.. Enumerable.Repeat(0, size), Blocks]);
        yield return ("growing", [.. Enumerable.Range(0, size + 1).Select(r => Blocks * r * r / (size * size))]);
    }

    // Magnitudes that differ, so that another order gives other bits; the first two elements are sums of zeros.
    private static float[] Block(int number, int length)
    {
        var random = new Random(number);
        float[] block =
        [
            .. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Exp(6 * random.NextDouble()))),
        ];
        if (length > 2)
        {
            block[0] = -0f;
            block[1] = number == Blocks - 1 ? 0f : -0f;
        }

        return block;
    }

    private static float[] InOrder(float[][] blocks, int length)
    {
        float[] sum = [.. blocks[0]];
        foreach (float[] block in blocks.Skip(1))
        {
            for (int i = 0; i < length; i++)
            {
                sum[i] += block[i];
            }
        }

        return sum;
    }
}
