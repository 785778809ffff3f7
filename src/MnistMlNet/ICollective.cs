using System.Diagnostics.CodeAnalysis;

namespace MnistMlNet;

/// <summary>Communication among the processes that train one network together; each of them is a rank.</summary>
/// <remarks>
/// <para>All ranks call the same members in the same order. A call returns when this rank's part of the communication is complete. The
/// package <c>MnistMlNet.Mpi</c> implements the interface on MPI; another implementation may use any other transport.</para>
/// <para>Calls come from one thread at a time, which may be another one from call to call.</para>
/// <para>A call that can't be completed, because another rank or the network has failed, throws or ends the process; it never waits without
/// end.</para>
/// </remarks>
public interface ICollective
{
    /// <summary>Gets the number of this process, 0 … <see cref="Size"/> - 1.</summary>
    int Rank { get; }

    /// <summary>Gets the number of processes, at least 1.</summary>
    int Size { get; }

    /// <summary>Adds blocks of all ranks in a fixed order: those of rank 0 from first to last, then those of rank 1, and so on.</summary>
    /// <param name="blocks">This rank's blocks, one after the other, each as long as <paramref name="sum"/>. Ranks may have different
    /// numbers of blocks, also 0; at least one rank has one.</param>
    /// <param name="sum">Receives <c>((b0 + b1) + b2) + …</c>, element by element in single precision. All ranks get the same bits, and the
    /// bits depend on the blocks and their order only, not on which rank has which. It has the same length on all ranks and doesn't overlap
    /// <paramref name="blocks"/>.</param>
    void Sum(ReadOnlySpan<float> blocks, Span<float> sum);

    /// <summary>Copies the data of one rank to all others.</summary>
    /// <param name="data">Of the same length on all ranks.</param>
    /// <param name="root">The rank whose data the others receive.</param>
    void Broadcast(Span<byte> data, int root);

    /// <summary>Copies the data of all ranks to all ranks.</summary>
    /// <param name="data">This rank's data, of the same length on all ranks.</param>
    /// <param name="all">Receives the data of rank 0, of rank 1, and so on: <see cref="Size"/> times as long.</param>
    void Gather(ReadOnlySpan<byte> data, Span<byte> all);

    /// <summary>Ends the training on all ranks, because this one has failed where the others can't know it.</summary>
    /// <param name="reason">What happened; it is shown to the user together with the number of the rank.</param>
    [DoesNotReturn]
    void Abort(Exception reason);
}
