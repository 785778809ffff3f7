using System.Diagnostics;
using System.Net.Sockets;

namespace MnistMlNet.Mpi;

/// <summary>Another rank, as the monitor of this one knows it.</summary>
internal sealed class Peer(int rank, string host, Socket socket)
{
    private long _heard = Stopwatch.GetTimestamp();

    public Socket Socket { get; } = socket;

    public string Name { get; } = $"rank {rank} on host {host}";

    /// <summary>Gets or sets the last signal other than a bare sign of life.</summary>
    public Signal Last { get; set; } = Signal.Computing;

    public TimeSpan Silent => Stopwatch.GetElapsedTime(_heard);

    /// <summary>Notes a sign of life.</summary>
    public void Heard() => _heard = Stopwatch.GetTimestamp();

    /// <summary>Sends one byte. A broken connection is found when it is read.</summary>
    public void Send(Signal signal)
    {
        try
        {
            Socket.Send([(byte)signal]);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }
}

/// <summary>What ranks send each other, one byte: a sign of life with the state of the rank, or the end.</summary>
internal enum Signal : byte
{
    /// <summary>Alive, outside of this package or for a short time in a call.</summary>
    Computing,

    /// <summary>Alive, and in the same call for long.</summary>
    Waiting,

    /// <summary>Alive, and waiting for the others to come to their end.</summary>
    AtEnd,

    /// <summary>The rank has left MPI, after all have come to their end; the connection closes.</summary>
    Finished,

    /// <summary>A rank has failed and has said so; all others end without a further message.</summary>
    Failed,
}
