namespace MnistMlNet.Mpi.Tests.Ranks;

/// <summary>Broadcasts from each rank, and gathers.</summary>
internal static class Copies
{
    private static readonly int[] s_lengths = [0, 1, 1000, 3_000_001];

    public static void Print(MpiCollective mpi)
    {
        bool isRight = true;
        foreach (int length in s_lengths)
        {
            for (int root = 0; root < mpi.Size; root++)
            {
                byte[] data = root == mpi.Rank ? Bytes(root, length) : new byte[length];
                mpi.Broadcast(data, root);
                isRight &= data.AsSpan().SequenceEqual(Bytes(root, length));
            }

            var all = new byte[length * mpi.Size];
            mpi.Gather(Bytes(mpi.Rank, length), all);
            isRight &= all.AsSpan().SequenceEqual(Enumerable.Range(0, mpi.Size).SelectMany(r => Bytes(r, length)).ToArray());
        }

        Console.WriteLine($"rank {mpi.Rank} of {mpi.Size} with {mpi.LibraryVersion}: copies {(isRight ? "right" : "WRONG")}");
    }

    private static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
