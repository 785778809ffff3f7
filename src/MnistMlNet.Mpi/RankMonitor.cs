using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace MnistMlNet.Mpi;

/// <summary>A thread that notices when another rank is lost, while this one may wait for it in MPI without end.</summary>
/// <remarks>
/// <para>Each rank has a TCP connection with rank 0. Both ends send one byte a second. A closed connection means that the process has
/// ended; silence means that the host or the network is gone. Either ends this process: a call of MPI from this thread, while another
/// thread is in MPI, isn't allowed.</para>
/// <para>The one that sees the loss first says so on the standard error stream, and rank 0 passes on that the others end without a
/// message. Launchers end the ranks of a process that has ended without MPI_Finalize; they get time to do so and to report its
/// signal.</para>
/// </remarks>
internal sealed class RankMonitor
{
    /// <summary>The environment variable with the seconds of silence after which a rank is lost; 0 switches the monitor off.</summary>
    public const string Variable = "MNISTMLNET_MPI_TIMEOUT";

    private const int DefaultTimeout = 5;

    // How long the launcher has to notice the loss too, and to end this process. If the exit of this one were the first that it notices,
    // its own report would name the wrong rank; and mpirun of Open MPI, which then tells a lost host to end its ranks, would wait for it.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly List<Peer> _peers;
    private readonly Dictionary<Peer, byte[]> _endings;
    private readonly string _self;
    private readonly TimeSpan _timeout;
    private readonly byte[] _buffer = new byte[256];
    private long _callStarted, _sent, _looked = Stopwatch.GetTimestamp();
    private volatile bool _isAtEnd, _isFinished, _isFailing;

    private RankMonitor(List<Peer> peers, int rank, TimeSpan timeout)
    {
        _peers = peers;
        _self = $"rank {rank} on host {Environment.MachineName}";
        _timeout = timeout;
        _endings = peers.ToDictionary(peer => peer, peer =>
            Loss(peer, "its process has ended before its work was done: killed, crashed, or out of memory"));
        ErrorOutput.Prepare();
    }

    /// <summary>Starts the monitor on all ranks, or returns null on all: with one rank, switched off, or without TCP.</summary>
    public static RankMonitor? Start(MpiFunctions mpi, int rank, int size)
    {
        if (size == 1)
        {
            return null;
        }

        byte[] seconds = BitConverter.GetBytes(rank == 0 ? TimeoutInSeconds() : 0);
        mpi.Broadcast(seconds, 0);                                          // the variable may differ, or be set on one host only
        var timeout = TimeSpan.FromSeconds(BitConverter.ToInt32(seconds));
        if (timeout == TimeSpan.Zero)
        {
            return null;
        }

        (List<Peer> peers, string? failure) = MonitorConnections.Open(mpi, rank, size);
        if (failure is not null)
        {
            if (rank == 0)
            {
                ErrorOutput.Write($"warning: {failure}. A rank that loses its network won't be noticed. Allow TCP "
                    + $"connections between the hosts, or set {Variable}=0 to switch this check off.");
            }

            return null;
        }

        var monitor = new RankMonitor(peers, rank, timeout);
        new Thread(monitor.Run) { IsBackground = true, Name = "MPI monitor" }.Start();
        return monitor;
    }

    /// <summary>Notes that a call of MPI begins.</summary>
    public void CallBegins() => Volatile.Write(ref _callStarted, Stopwatch.GetTimestamp());

    /// <summary>Notes that the call has returned.</summary>
    public void CallEnds() => Volatile.Write(ref _callStarted, 0);

    /// <summary>Notes that this rank waits for the others to come to their end.</summary>
    public void AtEnd() => _isAtEnd = true;

    /// <summary>Ends the monitoring, after this rank has left MPI.</summary>
    public void Finish()
    {
        _isFinished = true;
        _peers.ForEach(peer => peer.Send(Signal.Finished));
    }

    /// <summary>Lets the other ranks end without a message, since this one has written it.</summary>
    public void Fail()
    {
        _isFailing = true;
        _peers.ForEach(peer => peer.Send(Signal.Failed));
    }

    private static int TimeoutInSeconds()
    {
        string? text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text))
        {
            return DefaultTimeout;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && (seconds == 0 || seconds >= 3)
            ? seconds
            : throw new InvalidOperationException($"{Variable} is '{text}'; it must be 0 to switch the monitor off, or 3 or more seconds.");
    }

    private void Run()
    {
        while (!_isFinished)
        {
            List<Socket> readable = [.. _peers.Where(peer => peer.Last != Signal.Finished).Select(peer => peer.Socket)];
            if (readable.Count == 0)
            {
                return;
            }

            Socket.Select(readable, null, null, 200_000);                   // microseconds
            foreach (Peer peer in _peers.Where(peer => readable.Contains(peer.Socket)).ToArray())
            {
                Read(peer);
            }

            // A process that was stopped itself, with its whole machine perhaps, gives the others time to be heard again.
            bool wasStopped = Stopwatch.GetElapsedTime(_looked) > _timeout / 2;
            _looked = Stopwatch.GetTimestamp();
            foreach (Peer peer in _peers)
            {
                if (wasStopped)
                {
                    peer.Heard();
                }
                else if (peer.Last != Signal.Finished && peer.Silent > _timeout && !_isFinished)
                {
                    if (!_isFailing)
                    {
                        ErrorOutput.Write(Loss(peer, $"nothing was heard from it for {_timeout.TotalSeconds:F0} seconds: its host or the "
                            + "network is down, or it is stopped"));
                    }

                    Lose(peer);
                }
            }

            SendState();
            CheckForEarlyEnd();
        }
    }

    private void Read(Peer peer)
    {
        int count = 0;
        if (!peer.Socket.Poll(0, SelectMode.SelectRead))
        {
            return;
        }

        try
        {
            count = peer.Socket.Receive(_buffer);
        }
        catch (SocketException)                                             // reset: the same as closed
        {
        }

        if (count == 0 && peer.Last != Signal.Finished && !_isFinished)
        {
            if (!_isFailing)
            {
                ErrorOutput.Write(_endings[peer]);                          // before anything else, even the compilation of a method
            }

            Lose(peer);
        }

        foreach (byte value in _buffer.AsSpan(0, count))
        {
            peer.Heard();
            peer.Last = (Signal)value;
            if (peer.Last == Signal.Failed)
            {
                End(HardExit.Failed, peer);
            }
        }
    }

    private void SendState()
    {
        if (Stopwatch.GetElapsedTime(_sent) >= TimeSpan.FromSeconds(1) && !_isFinished)
        {
            _sent = Stopwatch.GetTimestamp();
            long started = Volatile.Read(ref _callStarted);
            Signal state = _isAtEnd ? Signal.AtEnd
                : started != 0 && Stopwatch.GetElapsedTime(started) > 5 * _timeout ? Signal.Waiting : Signal.Computing;
            _peers.ForEach(peer => peer.Send(state));
        }
    }

    // A rank that has left, for instance since an exception was caught, leaves the others waiting: a fault that no signal of life shows.
    private void CheckForEarlyEnd()
    {
        Peer? waiting = _peers.Find(peer => peer.Last == Signal.Waiting), ended = _peers.Find(peer => peer.Last == Signal.AtEnd);
        long started = Volatile.Read(ref _callStarted);
        bool isWaiting = !_isAtEnd && started != 0 && Stopwatch.GetElapsedTime(started) > 5 * _timeout;
        string? left = ended?.Name ?? (_isAtEnd ? _self : null), waits = waiting?.Name ?? (isWaiting ? _self : null);
        if (left is not null && waits is not null && !_isFinished)
        {
            ErrorOutput.Write($"{left} has come to its end, while {waits} waits in a call for all ranks. All ranks must make the same "
                + "calls; a rank that fails must call Abort, as MpiCollective.Run does.");
            End(HardExit.Failed, null);
        }
    }

    private void Lose(Peer peer)
    {
        if (_isFailing)
        {
            // This is the monitor's own thread. It must report nothing more: Abort, on another thread, ends the process with its message.
            Thread.Sleep(Timeout.Infinite);
        }

        foreach (Peer other in _peers.Where(other => other != peer && HasEnded(other)))
        {
            ErrorOutput.Write(_endings[other]);                             // which of them was the first, nobody can know
        }

        End(HardExit.LostRank, peer);
    }

    private static bool HasEnded(Peer peer)
    {
        try
        {
            return peer.Last != Signal.Finished && peer.Socket.Poll(0, SelectMode.SelectRead)
                && peer.Socket.Receive(stackalloc byte[1], SocketFlags.Peek) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private byte[] Loss(Peer peer, string how) => ErrorOutput.Line($"{peer.Name} is lost: {how}. Noticed by {_self}; all ranks end.");

    private void End(int exitCode, Peer? cause)
    {
        foreach (Peer peer in _peers.Where(peer => peer != cause))
        {
            peer.Send(Signal.Failed);
        }

        // The launcher, or MPI_Abort on another rank, may end this process first, with a message of its own. No event announces that, so
        // this waits for a fixed time.
        Thread.Sleep(s_patience);
        HardExit.Now(exitCode);
    }
}
