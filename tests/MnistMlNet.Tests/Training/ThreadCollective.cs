using System.Diagnostics.CodeAnalysis;

namespace MnistMlNet.Tests.Training;

/// <summary>Ranks that are threads of this process. Sums add one block after the other, in the order that the contract gives.</summary>
internal sealed class ThreadCollective : ICollective
{
    private readonly Hub _hub;

    private ThreadCollective(Hub hub, int rank)
    {
        _hub = hub;
        Rank = rank;
    }

    public int Rank { get; }

    public int Size => _hub.Size;

    /// <summary>Gets the number of calls of <see cref="Sum"/> of this rank.</summary>
    public int SumCount { get; private set; }

    /// <summary>Runs a function on each rank, and waits for all.</summary>
    /// <returns>The result or the exception of each rank.</returns>
    public static (T? Result, Exception? Failure)[] Run<T>(int size, Func<ThreadCollective, T> run)
    {
        using var hub = new Hub(size);
        var results = new (T?, Exception?)[size];
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = (run(new ThreadCollective(hub, rank)), null);
            }
            catch (Exception e)
            {
                results[rank] = (default, e);
                hub.Abort(rank, new InvalidOperationException($"It has left: {e.Message}"));    // as the end of its process would
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return results;
    }

    public void Sum(ReadOnlySpan<float> blocks, Span<float> sum)
    {
        SumCount++;
        float[] own = blocks.ToArray();
        float[][] all = _hub.Exchange(Rank, own);
        int length = sum.Length;
        float[][] parts = [.. all.SelectMany(rank => rank.Chunk(length))];
        parts[0].CopyTo(sum);
        foreach (float[] part in parts.Skip(1))
        {
            for (int i = 0; i < length; i++)
            {
                sum[i] += part[i];
            }
        }
    }

    public void Broadcast(Span<byte> data, int root)
    {
        byte[][] all = _hub.Exchange(Rank, data.ToArray());
        Assert.Equal(data.Length, all[root].Length);
        all[root].CopyTo(data);
    }

    public void Gather(ReadOnlySpan<byte> data, Span<byte> all)
    {
        byte[][] found = _hub.Exchange(Rank, data.ToArray());
        for (int rank = 0; rank < Size; rank++)
        {
            found[rank].CopyTo(all[(rank * data.Length)..]);
        }
    }

    [DoesNotReturn]
    public void Abort(Exception reason)
    {
        _hub.Abort(Rank, reason);
        throw new InvalidOperationException($"Rank {Rank} has aborted.", reason);
    }

    private sealed class Hub(int size) : IDisposable
    {
        private readonly Barrier _barrier = new(size);
        private readonly CancellationTokenSource _aborted = new();
        private readonly Array?[] _values = new Array?[size];
        private string? _reason;

        public int Size => size;

        public T[][] Exchange<T>(int rank, T[] own)
        {
            _values[rank] = own;
            Wait();
            T[][] all = Array.ConvertAll(_values, value => (T[])value!);
            Wait();
            return all;
        }

        public void Abort(int rank, Exception reason)
        {
            Interlocked.CompareExchange(ref _reason, $"Rank {rank}: {reason.Message}", null);
            _aborted.Cancel();
        }

        public void Dispose()
        {
            _barrier.Dispose();
            _aborted.Dispose();
        }

        private void Wait()
        {
            try
            {
                _barrier.SignalAndWait(_aborted.Token);
            }
            catch (OperationCanceledException)
            {
                throw new InvalidOperationException(_reason);
            }
        }
    }
}
