using System.Net;
using System.Net.Sockets;
using System.Text;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>HTTP byte by byte: requests that a correct client doesn't send.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _connection = new();

    private RawClient()
    {
    }

    public static async Task<RawClient> Connect(int port)
    {
        RawClient client = new();
        await client._connection.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    public async Task Send(string text) => await _connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>Reads until <paramref name="end"/> was received, or to the end of the connection where it is null.</summary>
    public async Task<string> Receive(string? end = null)
    {
        StringBuilder received = new();
        byte[] buffer = new byte[4096];
        while ((end is null || !received.ToString().Contains(end, StringComparison.Ordinal))
            && await Waiting.For(_connection.GetStream().ReadAsync(buffer).AsTask(), $"'{end}' after '{received}'") is int read and > 0)
        {
            received.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return received.ToString();
    }

    /// <summary>Ends the connection with a reset, as when a client's process is killed.</summary>
    public void Reset() => _connection.Client.Close(0);

    public void Dispose() => _connection.Dispose();
}
