using Microsoft.Playwright;

namespace MnistMlNet.BrowserTests;

/// <summary>The page in a real browser, with a network that the server has just trained on MNIST.</summary>
[Collection(SharedPad.Name)]
public sealed class PadTests(PadFixture fixture)
{
    private static readonly Hand s_neat = new(0.28, 0.15, 0.44, 0.7, 0, 0.01);

    private static readonly BrowserNewPageOptions s_phone = new()
    {
        ViewportSize = new ViewportSize { Width = 375, Height = 740 },
        DeviceScaleFactor = 2,
        HasTouch = true,
        IsMobile = true,
    };

    [ChromiumFact]
    public void A_page_opened_before_there_is_a_model_shows_how_the_training_goes()
    {
        Assert.Contains(fixture.TrainingMessages, message =>
            message.StartsWith("Pass ", StringComparison.Ordinal) && message.Contains("60,000 digits", StringComparison.Ordinal));
    }

    public static TheoryData<string, Hand> Hands => new()
    {
        { "neat", s_neat },
        { "slanted", new Hand(0.25, 0.12, 0.45, 0.74, 0.35, 0.015) },
        { "slanted to the left", new Hand(0.3, 0.15, 0.4, 0.7, -0.25, 0.015) },
        { "small in a corner", new Hand(0.06, 0.6, 0.2, 0.32, 0.1, 0.02) },
        { "large and shaky", new Hand(0.12, 0.06, 0.7, 0.86, 0.1, 0.03) },
    };

    [ChromiumTheory]
    [MemberData(nameof(Hands))]
    public async Task Of_the_ten_digits_drawn_by_mouse_at_least_nine_are_read(string name, Hand hand)
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());
        Random random = new(7);
        List<string> answers = [];
        for (int digit = 0; digit < 10; digit++)
        {
            await page.Draw(digit, hand, random);
            answers.Add(await page.Answer());
            await page.Screenshot($"{name}-{digit}");
            await page.Clear();
        }

        int right = answers.Where((answer, digit) => answer == $"{digit}").Count();
        Assert.True(right >= 9, $"Drawn 0 to 9 ({name}), read {string.Join(' ', answers)}.");
    }

    [ChromiumFact]
    public async Task Of_the_ten_digits_drawn_by_finger_on_a_phone_at_least_nine_are_read()
    {
        await using PadPage page = await PadPage.Open(fixture, s_phone);
        Random random = new(8);
        List<string> answers = [];
        for (int digit = 0; digit < 10; digit++)
        {
            await page.DrawByTouch(digit, s_neat, random);
            answers.Add(await page.Answer());
            await page.ClearByTap();
        }

        int right = answers.Where((answer, digit) => answer == $"{digit}").Count();
        Assert.True(right >= 9, $"Drawn 0 to 9 by finger, read {string.Join(' ', answers)}.");
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("scrollY"));
    }

    [ChromiumFact]
    public async Task A_tap_on_Clear_right_after_a_fast_stroke_clears_the_pad()
    {
        await using PadPage page = await PadPage.Open(fixture, s_phone);
        for (int i = 0; i < 5; i++)
        {
            await page.DrawByTouch(7, s_neat, new Random(i));
            await page.ClearByTap();
        }
    }

    [ChromiumFact]
    public async Task A_one_drawn_with_the_keyboard_is_read()
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());
        await page.Page.Locator("#pad").FocusAsync();
        for (int i = 0; i < 9; i++)
        {
            await page.Page.Keyboard.PressAsync("ArrowUp");
        }

        await page.Page.Keyboard.PressAsync("Space");
        for (int i = 0; i < 18; i++)
        {
            await page.Page.Keyboard.PressAsync("ArrowDown");
        }

        Assert.Equal("1", await page.Answer());
        await page.Screenshot("keyboard");

        await page.Page.Keyboard.PressAsync("Delete");
        Assert.Equal("–", await page.Digit());
    }

    [ChromiumFact]
    public async Task Every_control_is_reached_by_the_tabulator_key()
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());
        await page.Draw(4, s_neat, new Random(1));
        await page.Page.Locator("#pad").FocusAsync();
        List<string> reached = [];
        for (int i = 0; i < 3; i++)
        {
            reached.Add(await page.Page.EvaluateAsync<string>("document.activeElement.id"));
            await page.Page.Keyboard.PressAsync("Tab");
        }

        Assert.Equal(["pad", "undo", "clear"], reached);
    }

    [ChromiumFact]
    public async Task The_probabilities_are_updated_while_the_pen_is_down()
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());
        LocatorBoundingBoxResult box = await page.PadBox();
        HashSet<string> seen = [];
        (double X, double Y)[] points = s_neat.Draw(Strokes.Of(2)[0], new Random(3));
        await page.MoveTo(box, points[0]);
        await page.Page.Mouse.DownAsync();
        foreach ((double X, double Y) point in points[1..])
        {
            await page.MoveTo(box, point);
            seen.Add(string.Join(' ', await page.Page.Locator(".bars .percent").AllInnerTextsAsync()));
            await page.Page.WaitForTimeoutAsync(60);
        }

        Assert.True(seen.Count >= 5, $"Only {seen.Count} sets of probabilities were seen.");
        await page.Page.Mouse.UpAsync();
        Assert.Equal("2", await page.Answer());
    }

    [ChromiumFact]
    public async Task An_answer_that_comes_after_the_pad_was_cleared_is_not_shown()
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());
        TaskCompletionSource hold = new(), asked = new();
        await page.Page.RouteAsync("**/predict?*", async route =>
        {
            asked.TrySetResult();
            await hold.Task;
            await route.ContinueAsync();
        });
        await page.Draw(3, s_neat, new Random(4));
        await asked.Task;
        await page.Clear();

        Task<IResponse> answer = page.Page.WaitForResponseAsync("**/predict?*");
        hold.SetResult();
        await (await answer).FinishedAsync();
        await page.Page.EvaluateAsync("new Promise(resolve => setTimeout(resolve, 100))");

        Assert.Equal("–", await page.Digit());
        Assert.All(await page.Page.Locator(".bars .percent").AllInnerTextsAsync(), text => Assert.Equal("0 %", text));

        await page.Draw(7, s_neat, new Random(4));
        Assert.Equal("7", await page.Answer());
    }

    [ChromiumFact]
    public async Task Undo_takes_the_last_stroke_back()
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());
        await page.Draw(1, s_neat, new Random(5));
        Assert.Equal("1", await page.Answer());
        await page.Draw(0, s_neat, new Random(5));
        await page.Answer();

        await page.Page.Keyboard.PressAsync("Control+z");
        Assert.Equal("1", await page.Answer());

        await page.Page.Locator("#undo").ClickAsync();
        Assert.Equal("–", await page.Digit());
        Assert.True(await page.Page.Locator("#undo").IsDisabledAsync());
    }

    [ChromiumFact]
    public async Task What_the_network_sees_and_which_units_fire_is_shown()
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());
        Assert.Equal(64, await page.Page.Locator("#units li").CountAsync());
        Assert.Equal(0, await page.Page.Locator("#units li.fires").CountAsync());

        await page.Draw(5, s_neat, new Random(6));
        await page.Answer();

        Assert.InRange(await page.Page.Locator("#units li.fires").CountAsync(), 1, 63);

        // The box of 20 pixels, measured in the canvas itself: ink from the first to the last of 20 rows, and none outside.
        int[] rows = await page.Page.EvaluateAsync<int[]>(
            "() => { const d = document.getElementById('seen').getContext('2d').getImageData(0, 0, 28, 28).data; return "
                + "[...Array(28).keys()].filter(y => [...Array(28).keys()].some(x => d[4 * (28 * y + x)] > 8)); }");
        Assert.Equal(20, rows[^1] - rows[0] + 1);
    }

    [ChromiumTheory]
    [InlineData("light", ColorScheme.Light, false)]
    [InlineData("dark", ColorScheme.Dark, false)]
    [InlineData("phone-light", ColorScheme.Light, true)]
    [InlineData("phone-dark", ColorScheme.Dark, true)]
    public async Task Text_has_enough_contrast_and_nothing_overflows_the_page(string name, ColorScheme scheme, bool isPhone)
    {
        BrowserNewPageOptions options = isPhone ? new BrowserNewPageOptions(s_phone)
            : new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1200, Height = 900 } };
        options.ColorScheme = scheme;
        await using PadPage page = await PadPage.Open(fixture, options);
        await page.Draw(8, s_neat, new Random(9));
        await page.Answer();
        await page.Screenshot(name);

        Assert.True(await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
            "The page is wider than the screen.");
        LocatorBoundingBoxResult? answer = await page.Page.Locator("#digit").BoundingBoxAsync();
        Assert.True(answer!.Y + answer.Height <= page.Page.ViewportSize!.Height, "The answer is out of sight while one draws.");
        double[] contrasts = await page.Page.EvaluateAsync<double[]>(Contrasts);
        Assert.NotEmpty(contrasts);
        Assert.All(contrasts, contrast => Assert.InRange(contrast, 4.5, 21));          // WCAG 2.2, 1.4.3
    }

    // The contrast (WCAG 2.2) of each text with the nearest background behind it; WCAG exempts disabled buttons and decoration, too.
    private const string Contrasts = """
        () => {
          const parse = c => c.match(/[\d.]+/g).map(Number);
          const light = c => {
            const [r, g, b] = parse(c).map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const ground = e => { for (; e; e = e.parentElement) { 
            const c = getComputedStyle(e).backgroundColor, p = parse(c);
            if (p.length < 4 || p[3] > 0) return c; } return "rgb(255, 255, 255)"; };
          return [...document.querySelectorAll("body *")]
            .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
              && e.checkVisibility() && !e.disabled && !e.closest("[aria-hidden=true]"))
            .map(e => [light(getComputedStyle(e).color), light(ground(e))].sort((a, b) => b - a)).map(([a, b]) => (a + 0.05) / (b + 0.05));
        }
        """;
}
