using System.Diagnostics.CodeAnalysis;

namespace MnistMlNet.Mpi;

/// <summary>Communication among the ranks of an MPI program, by the MPI library that is installed: Open MPI, MPICH and its relatives, or
/// any with the standard ABI of MPI 5.</summary>
/// <remarks>
/// <para>A program is started on all hosts by a launcher, such as <c>mpirun -np 4 --host a,b dotnet train.dll</c>. Its <c>Main</c> returns
/// <c>MpiCollective.Run(mpi => …)</c> and passes <c>mpi</c> to the options of the trainer. The page
/// <c>docs/distributed.md</c> has installation, launchers, exit codes and environment variables.</para>
/// <para>A rank that fails ends all ranks. So does a rank that is killed or that the network no longer reaches; the others notice it within
/// seconds.</para>
/// <para>After an exception of a member, the object can't be used any more.</para>
/// </remarks>
public sealed class MpiCollective : ICollective, IDisposable
{
    private static readonly TimeSpan s_abortPatience = TimeSpan.FromSeconds(5), s_finalizePatience = TimeSpan.FromSeconds(10);

    private readonly MpiFunctions _mpi;
    private readonly OrderedSum _sum;
    private readonly RankMonitor? _monitor;
    private int _isCalling, _exitCode;
    private bool _isDisposed;

    private MpiCollective(MpiFunctions mpi)
    {
        _mpi = mpi;
        (Rank, Size) = mpi.Initialize();
        _sum = new OrderedSum(mpi, Rank, Size);
        LibraryVersion = mpi.LibraryVersion;
        if (Size == 1 && Launcher.ExpectedSize > 1)
        {
            throw new InvalidOperationException($"The launcher started {Launcher.ExpectedSize} processes, but {mpi.LibraryName} "
                + $"({LibraryVersion}) sees one rank: it belongs to another launcher. Start the program by the launcher of this library, "
                + $"or set {MpiLibrary.Variable} to the library of the launcher, such as libmpi.so.40 for Open MPI and libmpich.so.12 "
                + $"for MPICH.");
        }

        _monitor = RankMonitor.Start(mpi, Rank, Size);
    }

    /// <summary>Gets whether a launcher of MPI programs (mpirun, mpiexec, srun) started this process.</summary>
    public static bool IsUnderLauncher => Launcher.IsPresent;

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Gets name and version of the MPI library, as it describes itself.</summary>
    public string LibraryVersion { get; }

    /// <summary>Gets the name of this rank's host.</summary>
    public string HostName { get; } = Environment.MachineName;

    /// <summary>Loads the MPI library and connects this process with the other ranks; possible once in a process.</summary>
    /// <remarks>Without a launcher, the process is the only rank. <see cref="Run"/> is the safer way: it also handles exceptions.</remarks>
    /// <exception cref="DllNotFoundException">No MPI library is installed, or not the one that <c>MNISTMLNET_MPI_LIBRARY</c>
    /// names.</exception>
    /// <exception cref="InvalidOperationException">MPI was initialized before, or the launcher belongs to another MPI
    /// library.</exception>
    /// <exception cref="NotSupportedException">The library doesn't support calls from several threads.</exception>
    public static MpiCollective Initialize() => new(new MpiFunctions());

    /// <summary>Runs a program as one of the ranks; the body of its <c>Main</c>.</summary>
    /// <param name="program">Gets the communication with the other ranks, and returns the exit code: 0 for success.</param>
    /// <returns>What <paramref name="program"/> returns, after all ranks have come to their end; 1 if MPI can't be initialized.</returns>
    /// <remarks>An exception is written to the standard error stream as one message, with the number of the rank, its host and the cause.
    /// It ends all ranks; the exit code is 1.</remarks>
    public static int Run(Func<MpiCollective, int> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        MpiCollective collective;
        try
        {
            collective = Initialize();
        }
        catch (Exception e) when (e is DllNotFoundException or InvalidOperationException or NotSupportedException)
        {
            ErrorOutput.Write($"on host {Environment.MachineName}: {e.Message}");
            return HardExit.Failed;
        }

        try
        {
            collective._exitCode = program(collective);
            collective.Dispose();
            return collective._exitCode;
        }
#pragma warning disable CA1031 // Whatever it is, the other ranks must be ended.
        catch (Exception e)
#pragma warning restore CA1031
        {
            collective.Abort(e);
            return HardExit.Failed;
        }
    }

    /// <inheritdoc/>
    public void Sum(ReadOnlySpan<float> blocks, Span<float> sum)
    {
        if (sum.Length == 0 ? blocks.Length > 0 : blocks.Length % sum.Length != 0)
        {
            throw new ArgumentException($"blocks has {blocks.Length} elements; it must be a multiple of the length of sum, {sum.Length}.",
                nameof(blocks));
        }

        Begin();
        _sum.Add(blocks, sum);
        End();
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> data, int root)
    {
        if ((uint)root >= (uint)Size)
        {
            throw new ArgumentOutOfRangeException(nameof(root), root, $"root must be 0 to {Size - 1}, the number of a rank.");
        }

        Begin();
        _mpi.Broadcast(data, root);
        End();
    }

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<byte> data, Span<byte> all)
    {
        if (all.Length != (long)data.Length * Size)
        {
            throw new ArgumentException($"all has {all.Length} bytes; it must have those of {Size} ranks with {data.Length} each.",
                nameof(all));
        }

        Begin();
        _mpi.AllGather(data, all);
        End();
    }

    /// <inheritdoc/>
    [DoesNotReturn]
    public void Abort(Exception reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        ErrorOutput.Write($"rank {Rank} on host {HostName} has failed; all ranks end. {reason}");
        _monitor?.Fail();

        // MPI_Abort may wait for a network that is down.
        using Timer guard = ExitAfter(s_abortPatience, HardExit.Failed);
        _mpi.Abort(HardExit.Failed);
        HardExit.Now(HardExit.Failed);
    }

    /// <summary>Waits until all ranks have come here, and ends the use of MPI; the last that a program does.</summary>
    /// <remarks>If the MPI library doesn't come to an end within 10 seconds after that, the process ends here. After an exception, call
    /// <see cref="Abort"/> instead: the other ranks may wait for this one.</remarks>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            Begin();
            _isDisposed = true;
            _monitor?.AtEnd();
            _mpi.Barrier();

            // All work is done. MPICH's MPI_Finalize over TCP sometimes waits for a rank that has left already.
            using Timer guard = ExitAfter(s_finalizePatience, _exitCode);
            _mpi.Complete();
            _monitor?.Finish();
        }
    }

    private Timer ExitAfter(TimeSpan patience, int exitCode) => new(
        _ =>
        {
            _monitor?.Finish();                                             // the other ranks expect the end of this process
            HardExit.Now(exitCode);
        },
        null, patience, Timeout.InfiniteTimeSpan);

    // Two threads in MPI at the same time would destroy its state without a message.
    private void Begin()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Interlocked.Exchange(ref _isCalling, 1) != 0)
        {
            throw new InvalidOperationException("A call has not returned yet, or it failed. Calls come from one thread at a time; after a "
                + "failure, call Abort.");
        }

        _monitor?.CallBegins();
    }

    private void End()
    {
        _monitor?.CallEnds();
        Volatile.Write(ref _isCalling, 0);
    }
}
