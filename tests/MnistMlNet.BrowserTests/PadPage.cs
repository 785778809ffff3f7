using Microsoft.Playwright;

namespace MnistMlNet.BrowserTests;

/// <summary>The page, and the actions of a user on it.</summary>
internal sealed class PadPage : IAsyncDisposable
{
    private const int MostMilliseconds = 60_000;
    private readonly List<string> _errors = [];
    private readonly List<string> _foreign = [];

    private PadPage(IPage page, Uri address)
    {
        Page = page;
        page.SetDefaultTimeout(MostMilliseconds);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !(MayLoseServer && message.Text.Contains("net::ERR_", StringComparison.Ordinal)))
            {
                _errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _errors.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                _foreign.Add(request.Url);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Whether the server is stopped in the test; the browser itself then reports each request without an answer.</summary>
    public bool MayLoseServer { get; init; }

    public static async Task<PadPage> Open(PadFixture fixture, BrowserNewPageOptions options, bool waitUntilReady = true,
        Uri? address = null, Func<IPage, Task>? prepare = null)
    {
        address ??= fixture.Address;
        PadPage page = new(await fixture.Browser.NewPageAsync(options), address) { MayLoseServer = address != fixture.Address };
        await (prepare?.Invoke(page.Page) ?? Task.CompletedTask);
        await page.Page.GotoAsync(address.ToString());
        if (waitUntilReady)
        {
            await page.WaitUntilReady();
        }

        return page;
    }

    public Task WaitUntilReady() => Page.Locator("body[data-ready=true]").WaitForAsync();

    /// <summary>Draws a digit with the mouse.</summary>
    public async Task Draw(int digit, Hand hand, Random random)
    {
        foreach ((double X, double Y)[] stroke in Strokes.Of(digit))
        {
            await Stroke(hand.Draw(stroke, random));
        }
    }

    /// <summary>Draws a digit with a finger.</summary>
    public async Task DrawByTouch(int digit, Hand hand, Random random)
    {
        LocatorBoundingBoxResult box = await PadBox();
        ICDPSession session = await Page.Context.NewCDPSessionAsync(Page);
        foreach ((double X, double Y)[] stroke in Strokes.Of(digit))
        {
            (double X, double Y)[] points = hand.Draw(stroke, random);
            foreach ((double X, double Y) point in points)
            {
                await Touch(session, point == points[0] ? "touchStart" : "touchMove",
                    new { x = box.X + (box.Width * point.X), y = box.Y + (box.Height * point.Y) });
            }

            await Touch(session, "touchEnd");
        }
    }

    /// <summary>Draws one stroke with the mouse.</summary>
    /// <param name="points">In units of the pad's side.</param>
    public async Task Stroke(IEnumerable<(double X, double Y)> points)
    {
        LocatorBoundingBoxResult box = await PadBox();
        await MoveTo(box, points.First());
        await Page.Mouse.DownAsync();
        foreach ((double X, double Y) point in points.Skip(1))
        {
            await MoveTo(box, point);
        }

        await Page.Mouse.UpAsync();
    }

    /// <summary>Waits until the answer card shows a state; the states of an answer, until it is that of the whole drawing.</summary>
    public Task WaitForAnswer(string state) =>
        Page.Locator((state is "answered" or "refused" ? "body[data-answered=true] " : "") + $"#answer[data-state={state}]").WaitForAsync();

    /// <summary>The page's text once the last stroke is answered.</summary>
    public async Task<string> Answer()
    {
        await Page.Locator("body[data-answered=true]").WaitForAsync();
        return await Digit();
    }

    public Task<string> Digit() => Page.Locator("#digit").InnerTextAsync();

    public Task Clear() => Page.Locator("#clear").ClickAsync();

    /// <summary>Clears with a finger, and waits until the page shows it.</summary>
    public async Task ClearByTap()
    {
        await Page.Locator("#clear").TapAsync();
        await Page.Locator("#pad-hint").WaitForAsync();
        Assert.Equal("–", await Digit());
    }

    public async Task<LocatorBoundingBoxResult> PadBox() =>
        await Page.Locator("#pad").BoundingBoxAsync() ?? throw new InvalidOperationException("The pad isn't visible.");

    public Task MoveTo(LocatorBoundingBoxResult box, (double X, double Y) point) =>
        Page.Mouse.MoveAsync(box.X + (float)(box.Width * point.X), box.Y + (float)(box.Height * point.Y));

    /// <summary>Saves a screenshot to look at, if a folder for it is set.</summary>
    public async Task Screenshot(string name)
    {
        if (PadFixture.ScreenshotFolder is { } folder)
        {
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }

    /// <summary>The console is empty, and no other site was requested.</summary>
    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        Assert.Empty(_errors);
        Assert.Empty(_foreign);
    }

    private static Task Touch(ICDPSession session, string type, params object[] points) =>
        session.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object> { ["type"] = type, ["touchPoints"] = points });
}
