using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace MnistMlNet.Mpi;

/// <summary>Connects rank 0 with each other rank by TCP. Addresses are exchanged by MPI.</summary>
internal static class MonitorConnections
{
    private const int TokenLength = 16, HostLength = 64, OfferLength = 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Gets this rank's connections, or the reason why there can be none; the outcome is the same on all ranks.</summary>
    public static (List<Peer> Peers, string? Failure) Open(MpiFunctions mpi, int rank, int size)
    {
        string[] hosts = HostNames(mpi, size);
        byte[] offer = new byte[OfferLength];
        List<Peer> peers = [];
        using Socket? listener = rank == 0 ? Listen(offer, size) : null;
        mpi.Broadcast(offer, 0);
        byte[] token = offer[..TokenLength];
        string[] addresses = Encoding.ASCII.GetString(offer[TokenLength..]).TrimEnd('\0').Split(' ');
        Thread? acceptor = null;
        if (listener is not null)
        {
            acceptor = new Thread(() => Accept(listener, token, size, hosts, peers)) { IsBackground = true, Name = "MPI monitor: accept" };
            acceptor.Start();
        }
        else if (Connect(addresses, token, rank) is { } socket)
        {
            peers.Add(new Peer(0, hosts[0], socket));
        }

        byte[] isConnected = [(byte)(rank == 0 || peers.Count > 0 ? 1 : 0)], all = new byte[size];
        mpi.AllGather(isConnected, all);                                    // returns when each rank has tried
        listener?.Close();
        acceptor?.Join();
        int missing = Array.IndexOf(all, (byte)0);
        if (missing >= 0)
        {
            peers.ForEach(peer => peer.Socket.Dispose());
            return ([], $"rank {missing} on host {hosts[missing]} can't reach rank 0 on host {hosts[0]} by TCP at "
                + string.Join(", ", addresses));
        }

        peers.ForEach(peer => peer.Socket.Blocking = false);
        return (peers, null);
    }

    private static string[] HostNames(MpiFunctions mpi, int size)
    {
        byte[] mine = new byte[HostLength], all = new byte[HostLength * size];
        byte[] name = Encoding.UTF8.GetBytes(Environment.MachineName);
        name.AsSpan(0, Math.Min(name.Length, HostLength)).CopyTo(mine);
        mpi.AllGather(mine, all);
        return [.. all.Chunk(HostLength).Select(host => Encoding.UTF8.GetString(host).TrimEnd('\0'))];
    }

    // The offer: a token by which both sides know each other, and the addresses at which rank 0 listens.
    private static Socket Listen(byte[] offer, int size)
    {
        var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(listener.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0));
        listener.Listen(size);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        RandomNumberGenerator.Fill(offer.AsSpan(0, TokenLength));
        var text = new StringBuilder();
        foreach (IPAddress address in Addresses())
        {
            string next = (text.Length == 0 ? "" : " ") + new IPEndPoint(address, port);
            if (TokenLength + text.Length + next.Length < OfferLength)
            {
                text.Append(next);
            }
        }

        Encoding.ASCII.GetBytes(text.ToString(), offer.AsSpan(TokenLength));
        return listener;
    }

    // Networks first; then this machine, for ranks of the same host.
    private static IEnumerable<IPAddress> Addresses() =>
        from adapter in NetworkInterface.GetAllNetworkInterfaces()
        where adapter.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
        from unicast in adapter.GetIPProperties().UnicastAddresses
        where !unicast.Address.IsIPv6LinkLocal
        orderby IPAddress.IsLoopback(unicast.Address), unicast.Address.AddressFamily
        select unicast.Address;

    private static void Accept(Socket listener, byte[] token, int size, string[] hosts, List<Peer> peers)
    {
        while (peers.Count < size - 1)
        {
            try
            {
                Socket socket = listener.Accept();
                SetUp(socket);
                byte[] greeting = new byte[TokenLength + sizeof(int)];
                if (Fill(socket, greeting) && greeting.AsSpan(0, TokenLength).SequenceEqual(token))
                {
                    int rank = BinaryPrimitives.ReadInt32LittleEndian(greeting.AsSpan(TokenLength));
                    socket.Send(token);
                    peers.Add(new Peer(rank, hosts[rank], socket));
                }
                else
                {
                    socket.Dispose();
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (!listener.IsBound || e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    return;                                                 // closed: each rank has tried
                }
            }
        }
    }

    private static Socket? Connect(string[] addresses, byte[] token, int rank)
    {
        byte[] greeting = [.. token, 0, 0, 0, 0], answer = new byte[TokenLength];
        BinaryPrimitives.WriteInt32LittleEndian(greeting.AsSpan(TokenLength), rank);
        foreach (IPEndPoint address in addresses.Where(text => text.Length > 0).Select(IPEndPoint.Parse))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                // An address may be that of another machine here, or of none.
                Task connecting = socket.ConnectAsync(address);
                if (connecting.Wait(s_patience))
                {
                    SetUp(socket);
                    socket.Send(greeting);
                    if (Fill(socket, answer) && answer.AsSpan().SequenceEqual(token))
                    {
                        return socket;
                    }
                }
            }
            catch (Exception e) when (e is SocketException or AggregateException { InnerException: SocketException })
            {
            }

            socket.Dispose();
        }

        return null;
    }

    private static void SetUp(Socket socket)
    {
        socket.NoDelay = true;
        socket.ReceiveTimeout = socket.SendTimeout = (int)s_patience.TotalMilliseconds;
    }

    private static bool Fill(Socket socket, byte[] buffer)
    {
        for (int filled = 0; filled < buffer.Length;)
        {
            int count = socket.Receive(buffer, filled, buffer.Length - filled, SocketFlags.None);
            if (count == 0)
            {
                return false;
            }

            filled += count;
        }

        return true;
    }
}
