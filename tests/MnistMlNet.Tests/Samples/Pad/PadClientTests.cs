using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using DigitPad;
using Microsoft.Extensions.Logging;
using MnistMlNet.Tests.Trust;
using MnistMlNet.Tests.Trust.Fuzzing;

namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>Clients that are slow, disconnect, exceed limits or are connected when the server is asked to stop.</summary>
public sealed partial class PadClientTests
{
    private const string Head = "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    [Fact]
    public async Task Predict_BodyThatComesTooSlowly_IsA408AndNoErrorInTheLog()
    {
        using TemporaryFolder folder = new();
        await using RunningPad pad = await Start(folder, new PadSettings(0, "", "", 4, 1, 0, BodyGrace: TimeSpan.FromSeconds(1.1)));
        using ErrorLog log = new();
        pad.LogTo(log);
        using RawClient client = await RawClient.Connect(pad.Port);
        await client.Send(Head + "Content-Length: 5000\r\n\r\n{");

        string answer = await client.Receive();

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains("at least 240 bytes a second", answer, StringComparison.Ordinal);
        Assert.True(log.Errors.IsEmpty, log.Errors.FirstOrDefault());
    }

    [Fact]
    public async Task AnyPath_EmptyHost_IsA400()
    {
        using TemporaryFolder folder = new();
        await using RunningPad pad = await RunningPad.Start(new PadSettings(0, folder.File("pad.zip"), folder.Path, 4, 1, 0));
        using RawClient client = await RawClient.Connect(pad.Port);
        await client.Send("GET /training HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400", await client.Receive(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_ClientThatGoesAwayInItsBody_LeavesNoErrorInTheLogAndOthersAnswered()
    {
        using TemporaryFolder folder = new();
        using ErrorLog log = new();
        await using (RunningPad pad = await Start(folder, new PadSettings(0, "", "", 4, 1, 0)))
        {
            pad.LogTo(log);
            for (int i = 0; i < 10; i++)
            {
                using RawClient client = await RawClient.Connect(pad.Port);
                await client.Send(Head + "Content-Length: 5000\r\nExpect: 100-continue\r\n\r\n");
                await client.Receive("100 Continue");                                  // the server has begun to read the body
                client.Reset();
            }

            using HttpResponseMessage other = await pad.Client.PostAsync("/predict",
                new StringContent(Zeros(), Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }

        // The server has stopped: no request is left that could log.
        Assert.True(log.Errors.IsEmpty, log.Errors.FirstOrDefault());
    }

    [Fact]
    public async Task Health_WithoutAModel_LogsNoErrorAtEachPoll()
    {
        using TemporaryFolder folder = new();
        await using RunningPad pad = await RunningPad.Start(new PadSettings(0, folder.File("pad.zip"), folder.File("nowhere"), 4, 1, 0));
        await pad.WaitUntilSettled();
        using ErrorLog log = new();
        pad.LogTo(log);

        using HttpResponseMessage health = await pad.Client.GetAsync("/health");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.StartsWith("Unhealthy: ", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(log.Errors.IsEmpty, log.Errors.FirstOrDefault());
    }

    [Fact]
    public async Task Health_WhileTheModelIsTrained_IsA503WithTheProgressAndLogsNothingWorseThanInformation()
    {
        using TemporaryFolder folder = new();
        PadServerTests.WriteTinyMnist(folder);
        using ErrorLog log = new(LogLevel.Warning);
        await using RunningPad pad = await RunningPad.Start(
            new PadSettings(0, folder.File("pad.zip"), folder.Path, HiddenUnits: 4, Epochs: 100_000_000, RateLimit: 0));
        pad.LogTo(log);
        await Waiting.Until(() => pad.State.Epoch > 0, () => $"the first epoch; the state is {pad.State}");

        using HttpResponseMessage health = await pad.Client.GetAsync("/health");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.StartsWith("Degraded: training: Pass ", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(log.Errors.IsEmpty, log.Errors.FirstOrDefault());
    }

    // The bucket of 16 million refills by a million pixels a second. A broken image costs only its header, so on any machine requests are
    // faster than the refill.
    [Fact]
    public async Task Predict_MorePixelsThanAClientMaySend_IsA429ThatSaysWhatToDo()
    {
        using TemporaryFolder folder = new();
        await using RunningPad pad = await Start(folder, new PadSettings(0, "", "", 4, 1, 0, PixelRate: 1));
        byte[] png = PngBytes.Image(1000, 1000, 8, 0, [0]);
        int served = 0;
        HttpResponseMessage response;
        while ((response = await Post(pad, png)).StatusCode == HttpStatusCode.BadRequest)
        {
            Assert.InRange(++served, 1, 1000);
        }

        Assert.InRange(served, 16, 1000);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.True(int.Parse(response.Headers.GetValues("Retry-After").Single(), System.Globalization.CultureInfo.InvariantCulture) >= 1);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Contains("more pixels than 1 million a second; try again in 1 s, or send smaller images", text, StringComparison.Ordinal);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);

        // Numbers have no pixels to decode.
        using HttpResponseMessage numbers = await pad.Client.PostAsync("/predict",
            new StringContent(Zeros(), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, numbers.StatusCode);
    }

    [Fact]
    public async Task Sigterm_WithARequestUnderWay_AnswersItAndExitsWith0()
    {
        if (OperatingSystem.IsWindows())
        {
            return;                                                                    // has no SIGTERM
        }

        using TemporaryFolder folder = new();
        TrainedPad.SaveModel(folder.File("pad.zip"));
        using Process server = Process.Start(new ProcessStartInfo(
            ChildProcess.DotNet,
            ["exec", Path.Combine(AppContext.BaseDirectory, "DigitPad.dll"), "--port", "0", "--model", folder.File("pad.zip"), "--idx",
                folder.Path])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            int port = await Port(server);
            using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Waiting.Until(
                async () => (await http.GetAsync("/health")).StatusCode == HttpStatusCode.OK, () => "/health to answer with 200");

            string body = Zeros();
            using RawClient client = await RawClient.Connect(port);
            await client.Send(Head + $"Content-Length: {body.Length}\r\nExpect: 100-continue\r\n\r\n");
            await client.Receive("100 Continue");
            using (Process kill = Process.Start("kill", ["-TERM", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            {
                ChildProcess.End(kill);
            }

            await UntilNobodyListens(port);
            await client.Send(body);

            Assert.Contains("HTTP/1.1 200", await client.Receive(), StringComparison.Ordinal);
            ChildProcess.End(server);
            Assert.Equal(0, server.ExitCode);
        }
        finally
        {
            if (!server.HasExited)
            {
                server.Kill();
            }
        }
    }

    private static async Task<int> Port(Process server)
    {
        while (await Waiting.For(server.StandardOutput.ReadLineAsync(), "the line in which the server says where it is") is { } line)
        {
            if (Address().Match(line) is { Success: true } match)
            {
                return int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException("The server ended without saying where it is.");
    }

    private static async Task UntilNobodyListens(int port)
    {
        await Waiting.Until(
            async () =>
            {
                try
                {
                    (await RawClient.Connect(port)).Dispose();
                    return false;
                }
                catch (SocketException)
                {
                    // Refused: the server takes no new connections, so it is ending.
                    return true;
                }
            },
            () => "the server to refuse connections after SIGTERM");
    }

    private static async Task<RunningPad> Start(TemporaryFolder folder, PadSettings settings)
    {
        TrainedPad.SaveModel(folder.File("pad.zip"));
        RunningPad pad = await RunningPad.Start(settings with { ModelPath = folder.File("pad.zip"), IdxFolder = folder.Path });
        await pad.WaitUntilSettled();
        return pad;
    }

    private static async Task<HttpResponseMessage> Post(RunningPad pad, byte[] png)
    {
        using ByteArrayContent content = new(png);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return await pad.Client.PostAsync("/predict", content);
    }

    private static string Zeros() => $$"""{"pixels":[{{string.Join(',', Enumerable.Repeat(0, 784))}}]}""";

    [GeneratedRegex(@"DigitPad is at http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Address();
}
