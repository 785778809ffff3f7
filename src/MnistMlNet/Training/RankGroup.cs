using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>The ranks of one training, with the operations that it needs on top of <see cref="ICollective"/>.</summary>
internal sealed class RankGroup(ICollective? collective)
{
    /// <summary>Gets the transport; one that has this process only where the options have none.</summary>
    public ICollective Collective { get; } = collective ?? new SingleProcess();

    public int Rank => Collective.Rank;

    public int Size => Collective.Size;

    /// <summary>Gets whether all ranks know of a failure and throw.</summary>
    public bool HasAgreedFailure { get; private set; }

    /// <summary>Gets whether all ranks know that training was canceled.</summary>
    public bool IsCanceled { get; private set; }

    /// <summary>Gets whether there are other ranks.</summary>
    public bool HasOthers => Size > 1;

    /// <summary>Gets the data of all ranks, of any length, in the order of the ranks.</summary>
    public byte[][] Gather(byte[] mine)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, mine.Length);
        byte[] lengths = new byte[sizeof(int) * Size];
        Collective.Gather(length, lengths);
        int[] counts = [.. Enumerable.Range(0, Size).Select(rank => BinaryPrimitives.ReadInt32LittleEndian(lengths.AsSpan(4 * rank)))];
        byte[][] all = new byte[Size][];
        for (int rank = 0; rank < Size; rank++)
        {
            all[rank] = rank == Rank ? mine : new byte[counts[rank]];
            if (counts[rank] > 0)
            {
                Collective.Broadcast(all[rank], rank);
            }
        }

        return all;
    }

    /// <summary>Adds the results of the shards of all ranks, in the order of the shards.</summary>
    /// <param name="mine">Those of this rank's shards.</param>
    public BatchResult Add(IReadOnlyList<BatchResult> mine)
    {
        double[] own = [.. mine.SelectMany(result => result.ToArray())];
        var sum = default(BatchResult);
        foreach (byte[] rank in Gather(MemoryMarshal.AsBytes<double>(own).ToArray()))
        {
            ReadOnlySpan<double> values = MemoryMarshal.Cast<byte, double>(rank);
            for (int first = 0; first < values.Length; first += BatchResult.NumberCount)
            {
                sum = sum.Add(BatchResult.From(values.Slice(first, BatchResult.NumberCount)));
            }
        }

        return sum;
    }

    /// <summary>The outcome of an epoch of all shards.</summary>
    /// <exception cref="TrainingDivergedException">The loss isn't finite; all ranks find the same.</exception>
    public EpochOutcome Outcome(
        IReadOnlyList<BatchResult> mine, float learningRate, int epoch, long steps, Configuration.ResolvedOptions plan)
    {
        BatchResult sum = Add(mine);
        return double.IsFinite(sum.Loss)
            ? new EpochOutcome(sum, learningRate)
            : throw new TrainingDivergedException("the loss", sum.Loss, epoch, steps, learningRate, plan);
    }

    /// <summary>Gets the value of rank 0 on all ranks.</summary>
    public int FromFirst(int mine)
    {
        Span<int> value = [mine];
        Collective.Broadcast(MemoryMarshal.AsBytes(value), 0);
        return value[0];
    }

    /// <summary>Runs a function on rank 0 and gives its result to all ranks.</summary>
    /// <returns>The result; null where rank 0 returned null.</returns>
    /// <exception cref="Exception">That of the function on rank 0; on the others one that names it.</exception>
    public byte[]? OnFirst(Func<byte[]?> run)
    {
        byte[]? result = Agree(() => Rank == 0 ? run() : null);
        byte[] found = Gather(result is null ? [] : [1, .. result])[0];
        return found.Length == 0 ? null : found[1..];
    }

    /// <summary>Runs a function on every rank. If it throws on any rank, all ranks throw.</summary>
    /// <remarks>Without this, the other ranks would wait for the one that has thrown.</remarks>
    public T Agree<T>(Func<T> run)
    {
        if (!HasOthers)
        {
            return run();
        }

        T? result = default;
        ExceptionDispatchInfo? failure = null;
        try
        {
            result = run();
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }

        bool isCanceled = failure?.SourceException is OperationCanceledException;
        byte[][] messages = Gather(
            failure is null ? [] : [isCanceled ? (byte)1 : (byte)0, .. Encoding.UTF8.GetBytes(Describe(failure.SourceException))]);
        int failed = Array.FindIndex(messages, message => message.Length > 0);
        HasAgreedFailure |= failed >= 0;
        IsCanceled |= failed >= 0 && messages[failed][0] == 1;
        failure?.Throw();
        if (failed >= 0)
        {
            string message = $"Rank {failed} of {Size} has failed: {Encoding.UTF8.GetString(messages[failed].AsSpan(1))}";
            throw messages[failed][0] == 1 ? new OperationCanceledException(message) : new InvalidOperationException(message);
        }

        return result!;
    }

    /// <inheritdoc cref="Agree{T}"/>
    public void Agree(Action run) => Agree(() =>
    {
        run();
        return true;
    });

    /// <summary>Runs a function that may fail on this rank only, while the others wait for it in an exchange: a failure ends all ranks.
    /// </summary>
    /// <remarks>A failure that the ranks have agreed on, and a divergence, which all find, are thrown.</remarks>
    public T OrAbort<T>(Func<T> run)
    {
        if (!HasOthers)
        {
            return run();
        }

        try
        {
            return run();
        }
        catch (Exception e) when (!HasAgreedFailure && e.InnerException is not TrainingDivergedException)
        {
            Collective.Abort(e);
            throw;
        }
    }

    /// <summary>Checks that all ranks have the same values.</summary>
    /// <exception cref="InvalidOperationException">They don't; the message names the first difference.</exception>
    public void CheckSame(IReadOnlyList<KeyValuePair<string, string>> values)
    {
        if (!HasOthers)
        {
            return;
        }

        byte[][] all = Gather(Encoding.UTF8.GetBytes(string.Join('\0', values.SelectMany(pair => new[] { pair.Key, pair.Value }))));
        string[][] texts = Array.ConvertAll(all, bytes => Encoding.UTF8.GetString(bytes).Split('\0'));
        for (int rank = 1; rank < Size; rank++)
        {
            for (int i = 0; i < Math.Max(texts[0].Length, texts[rank].Length); i++)
            {
                string first = texts[0].ElementAtOrDefault(i) ?? "not there", other = texts[rank].ElementAtOrDefault(i) ?? "not there";
                if (first != other)
                {
                    string name = i % 2 == 1 ? texts[0][i - 1] : "the list of options";
                    throw new InvalidOperationException(
                        $"The ranks don't train the same: {name} is {Shown.Text(other)} on rank {rank} and {Shown.Text(first)} on rank 0. "
                            + $"Give all ranks the same options, columns, classes and build.");
                }
            }
        }
    }

    /// <summary>The messages of an exception and its causes: ML.NET's cursors wrap those of other threads.</summary>
    private static string Describe(Exception exception) =>
        exception.InnerException is { } cause ? $"{exception.Message} ({Describe(cause)})" : exception.Message;

    /// <summary>This process as the only rank.</summary>
    private sealed class SingleProcess : ICollective
    {
        public int Rank => 0;

        public int Size => 1;

        public void Sum(ReadOnlySpan<float> blocks, Span<float> sum)
        {
            blocks[..sum.Length].CopyTo(sum);
            for (int first = sum.Length; first < blocks.Length; first += sum.Length)
            {
                TensorPrimitives.Add(sum, blocks.Slice(first, sum.Length), sum);
            }
        }

        public void Broadcast(Span<byte> data, int root)
        {
        }

        public void Gather(ReadOnlySpan<byte> data, Span<byte> all) => data.CopyTo(all);

        [DoesNotReturn]
        public void Abort(Exception reason) => throw reason;
    }
}
