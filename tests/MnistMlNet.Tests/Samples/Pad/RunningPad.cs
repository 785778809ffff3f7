using DigitPad;
using DigitPad.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>A server on a free port of this machine, and a client for it.</summary>
internal sealed class RunningPad : IAsyncDisposable
{
    private readonly WebApplication _server;

    private RunningPad(WebApplication server)
    {
        _server = server;
        Client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
    }

    public HttpClient Client { get; }

    /// <summary>Where the server listens, for tests that speak HTTP byte by byte.</summary>
    public int Port => Client.BaseAddress!.Port;

    public TrainingState State => Store.State;

    public PadModel? Model => Store.Model;

    private ModelStore Store => _server.Services.GetRequiredService<ModelStore>();

    public static async Task<RunningPad> Start(PadSettings settings)
    {
        WebApplication server = PadServer.Build(settings);
        await server.StartAsync();
        return new RunningPad(server);
    }

    /// <summary>Also sends everything that is logged from now on to <paramref name="provider"/>.</summary>
    public void LogTo(ILoggerProvider provider) => _server.Services.GetRequiredService<ILoggerFactory>().AddProvider(provider);

    /// <summary>Waits for a model or a failure.</summary>
    public async Task<TrainingState> WaitUntilSettled()
    {
        await Waiting.Until(() => State.Phase is "ready" or "failed", () => $"the server's model; its state is {State}");
        return State;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}
