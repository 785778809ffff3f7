using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MnistMlNet.Mpi;

/// <summary>The sum of all ranks' blocks in the order of ranks, in one of two ways.</summary>
/// <remarks>
/// <para>Few bytes: each rank gets all blocks and adds them, which takes one exchange. Otherwise a running sum goes from rank to rank, each
/// adds its blocks, and the last one sends the result back: two messages of the sum's length a rank, whatever the number of blocks. Long
/// sums are cut into chunks, which follow each other through the chain, so that links and processors work at the same time.</para>
/// <para>Both give the same bits. The running sum starts as -0, which changes no number that is added to it, not even +0 or -0; so a rank
/// without blocks needs no case of its own.</para>
/// </remarks>
internal sealed unsafe class OrderedSum(MpiFunctions mpi, int rank, int size)
{
    /// <summary>A rank's blocks are gathered up to this number of floats; measured on shared memory and on a network.</summary>
    private const int MaxGathered = 4096;

    /// <summary>The floats of a chunk: long enough that a message's time is mostly that of its bytes, and short enough for the
    /// caches.</summary>
    private const int Chunk = 16_384;

    /// <summary>How many chunks ahead a rank is ready to receive.</summary>
    private const int Ahead = 4;

    private const int Up = 1, Down = 2;                                     // tags: to the next rank, and back

    // The number of blocks for which a gather has room, by the length of the sum; 0: not gathered. All ranks have the same entries, since
    // they make the same calls and see the same numbers.
    private readonly Dictionary<int, int> _room = [];
    private readonly int[] _counts = new int[size];
    private float[] _gathered = [];
    private nint[] _sendsUp = [], _sendsDown = [], _receivesUp = [], _receivesDown = [];

    public void Add(ReadOnlySpan<float> blocks, Span<float> sum)
    {
        int count = sum.Length == 0 ? 0 : blocks.Length / sum.Length;
        fixed (float* b = blocks, s = sum)
        {
            if (size == 1)
            {
                AddBlocks(b, count, sum.Length, s, 0, sum.Length, isFirst: true);
            }
            else if (sum.Length > MaxGathered || !Gather(b, count, s, sum.Length))
            {
                Relay(b, count, s, sum.Length);
            }
        }
    }

    /// <summary>Adds all blocks on all ranks; false if they have too many, which all ranks find together.</summary>
    private bool Gather(float* blocks, int count, float* sum, int length)
    {
        if (length == 0)
        {
            return true;
        }

        if (!_room.TryGetValue(length, out int room))
        {
            room = PlanRoom(length, count);
        }

        while (room > 0)
        {
            // A rank's slot has its number of blocks, then as many of them as there is room for.
            int slot = 1 + (room * length);
            if (_gathered.Length < slot * size)
            {
                _gathered = GC.AllocateUninitializedArray<float>(slot * size, pinned: true);
            }

            Span<float> mine = _gathered.AsSpan(slot * rank, slot);
            mine[0] = BitConverter.Int32BitsToSingle(count);
            new ReadOnlySpan<float>(blocks, Math.Min(count, room) * length).CopyTo(mine[1..]);
            float* all = (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_gathered, 0);
            mpi.AllGatherInPlace(all, slot);
            for (int r = 0; r < size; r++)
            {
                _counts[r] = BitConverter.SingleToInt32Bits(all[r * slot]);
            }

            if (_counts.Max() <= room)
            {
                for (int r = 0; r < size; r++)
                {
                    AddBlocks(all + (r * slot) + 1, _counts[r], length, sum, 0, length, isFirst: r == 0);
                }

                return true;
            }

            room = _room[length] = RoomFor(length);
        }

        return false;
    }

    // The first call with a length exchanges the numbers of blocks. Later calls carry them in the slots.
    private int PlanRoom(int length, int count)
    {
        if (_room.Count == 256)
        {
            _room.Clear();
        }

        mpi.AllGather(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in count)), MemoryMarshal.AsBytes(_counts.AsSpan()));
        return _room[length] = RoomFor(length);
    }

    private int RoomFor(int length)
    {
        int most = Math.Max(1, _counts.Max());
        return (long)most * length <= MaxGathered ? most : 0;
    }

    private void Relay(float* blocks, int count, float* sum, int length)
    {
        int chunks = (int)(((long)length + Chunk - 1) / Chunk);
        Reserve(chunks);
        fixed (nint* sendUp = _sendsUp, sendDown = _sendsDown, receiveUp = _receivesUp, receiveDown = _receivesDown)
        {
            bool isFirst = rank == 0, isLast = rank == size - 1;
            int Length(int chunk) => Math.Min(Chunk, length - (chunk * Chunk));
            float* At(int chunk) => sum + ((long)chunk * Chunk);

            // The result of a chunk comes back after it has gone to the last rank and back again, one rank a step.
            int lag = 2 * (size - 1 - rank);
            for (int i = 0; !isFirst && i < Math.Min(Ahead, chunks); i++)
            {
                mpi.StartReceive(At(i), Length(i), rank - 1, Up, receiveUp + i);
            }

            for (int step = 0; step < chunks + lag; step++)
            {
                if (step < chunks)
                {
                    if (!isFirst)
                    {
                        mpi.Wait(receiveUp + step);
                        if (step + Ahead < chunks)
                        {
                            mpi.StartReceive(At(step + Ahead), Length(step + Ahead), rank - 1, Up, receiveUp + step + Ahead);
                        }
                    }

                    AddBlocks(blocks, count, length, sum, step * Chunk, Length(step), isFirst);
                    if (isLast)
                    {
                        mpi.StartSend(At(step), Length(step), rank - 1, Down, sendDown + step);
                    }
                    else
                    {
                        mpi.StartSend(At(step), Length(step), rank + 1, Up, sendUp + step);
                    }
                }

                // The result takes the place of the running sum as soon as that is sent, one step before the result is due.
                int sent = step - lag + 1;
                if (!isLast && sent >= 0 && sent < chunks)
                {
                    mpi.Wait(sendUp + sent);
                    mpi.StartReceive(At(sent), Length(sent), rank + 1, Down, receiveDown + sent);
                }

                int back = step - lag;
                if (!isLast && back >= 0)
                {
                    mpi.Wait(receiveDown + back);
                    if (!isFirst)
                    {
                        mpi.StartSend(At(back), Length(back), rank - 1, Down, sendDown + back);
                    }
                }
            }

            for (int i = 0; !isFirst && i < chunks; i++)
            {
                mpi.Wait(sendDown + i);
            }
        }
    }

    private void Reserve(int chunks)
    {
        if (_sendsUp.Length < chunks)
        {
            _sendsUp = new nint[chunks];
            _sendsDown = new nint[chunks];
            _receivesUp = new nint[chunks];
            _receivesDown = new nint[chunks];
        }
    }

    /// <summary>Adds a part of each block to that part of the sum, which the first rank starts.</summary>
    private static void AddBlocks(float* blocks, int count, int length, float* sum, int from, int partLength, bool isFirst)
    {
        var part = new Span<float>(sum + from, partLength);
        ReadOnlySpan<float> Block(int i) => new(blocks + ((long)i * length) + from, partLength);
        int next = 0;
        if (isFirst && count == 0)
        {
            part.Fill(-0f);
        }
        else if (isFirst)
        {
            Block(next++).CopyTo(part);
        }

        for (; next < count; next++)
        {
            TensorPrimitives.Add(part, Block(next), part);
        }
    }
}
