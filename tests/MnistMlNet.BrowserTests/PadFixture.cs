using System.Diagnostics;
using DigitPad;
using DigitPad.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Samples;

namespace MnistMlNet.BrowserTests;

/// <summary>One server, which trains its network on MNIST itself, and one browser for all tests.</summary>
public sealed class PadFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("digitpad-").FullName;
    private WebApplication? _server;
    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>The page's text during the training; the page was opened right after the start.</summary>
    public IReadOnlyList<string> TrainingMessages { get; private set; } = [];

    /// <summary>Where screenshots go: the folder named by MNISTMLNET_SCREENSHOTS, if any.</summary>
    public static string? ScreenshotFolder { get; } = Environment.GetEnvironmentVariable("MNISTMLNET_SCREENSHOTS");

    public async Task InitializeAsync()
    {
        if (Chromium.ReasonToSkip is not null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();

        // Chromium's sandbox doesn't work for root, as in a container; the only site visited is our own.
        Browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Chromium.Path, Args = ["--no-sandbox"] });
        _server = await StartServer(port: 0);
        Address = new Uri(_server.Urls.Single());
        TrainingMessages = await WatchTraining();
    }

    /// <summary>The network's accuracy on the test digits, as the server has measured it.</summary>
    public double TestAccuracy => _server!.Services.GetRequiredService<ModelStore>().State.TestAccuracy!.Value;

    /// <summary>Starts a server with the fixture's model; the first one trains it.</summary>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="mnist">The folder with MNIST's files; null for that of the repository.</param>
    public async Task<WebApplication> StartServer(int port, string? mnist = null)
    {
        mnist ??= Path.Combine(SampleFolder.Find("--idx"), "data", "mnist");
        WebApplication server = PadServer.Build(
            new PadSettings(port, Path.Combine(_folder, "model.zip"), mnist, HiddenUnits: 64, Epochs: null, RateLimit: 200));
        await server.StartAsync();
        return server;
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<IReadOnlyList<string>> WatchTraining()
    {
        ModelStore store = _server!.Services.GetRequiredService<ModelStore>();
        await using PadPage page = await PadPage.Open(this, new BrowserNewPageOptions(), waitUntilReady: false);
        List<string> messages = [];
        var limit = TimeSpan.FromMinutes(10);
        long begin = Stopwatch.GetTimestamp();
        while (store.Model is null && store.State.Phase != "failed")
        {
            string message = await page.Page.Locator("#training-message").InnerTextAsync();
            if (message.Length > 0 && messages.LastOrDefault() != message)
            {
                messages.Add(message);
                await page.Screenshot($"training-{messages.Count}");
            }

            if (Stopwatch.GetElapsedTime(begin) > limit)
            {
                throw new TimeoutException($"Waited {limit.TotalMinutes} minutes for the server's model; its state is {store.State}.");
            }

            await Task.Delay(100);
        }

        await page.WaitUntilReady();
        return messages;
    }
}
