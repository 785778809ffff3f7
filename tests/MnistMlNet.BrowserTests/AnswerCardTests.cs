using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace MnistMlNet.BrowserTests;

/// <summary>What the answer card and the header say, in a real browser.</summary>
[Collection(SharedPad.Name)]
public sealed class AnswerCardTests(PadFixture fixture)
{
    private static readonly Hand s_neat = new(0.28, 0.15, 0.44, 0.7, 0, 0.01);

    [ChromiumFact]
    public async Task A_server_that_goes_away_is_said_in_the_card_and_the_drawing_is_answered_when_it_is_back()
    {
        WebApplication first = await fixture.StartServer(port: 0);
        Uri address = new(first.Urls.Single());
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions(), address: address);
        await page.Draw(3, s_neat, new Random(4));
        Assert.Equal("3", await page.Answer());

        await first.StopAsync();
        await first.DisposeAsync();
        await page.WaitForAnswer("gone");
        await page.Screenshot("gone");

        string note = await page.Page.Locator("#note").InnerTextAsync();
        Assert.Contains($"http://127.0.0.1:{address.Port} doesn't answer", note, StringComparison.Ordinal);
        Assert.Contains($"dotnet run -c Release --project samples/DigitPad -- --port {address.Port}", note, StringComparison.Ordinal);
        Assert.Contains("reconnects", note, StringComparison.Ordinal);
        Assert.Equal("–", await page.Digit());

        await using WebApplication second = await fixture.StartServer(address.Port);
        await page.WaitForAnswer("answered");
        Assert.Equal("3", await page.Digit());
        Assert.False(await page.Page.Locator("#note").IsVisibleAsync());
    }

    [ChromiumFact]
    public async Task A_drawing_sent_while_the_server_is_away_says_so_and_does_not_wait_for_the_next_sign_of_life()
    {
        WebApplication server = await fixture.StartServer(port: 0);
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions(), address: new Uri(server.Urls.Single()));
        await server.StopAsync();
        await server.DisposeAsync();

        await page.Draw(7, s_neat, new Random(4));

        await page.WaitForAnswer("gone");
    }

    [ChromiumFact]
    public async Task A_scribble_does_not_look_like_a_digit_and_a_digit_after_it_does()
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());
        await page.Stroke(Enumerable.Range(0, 24).Select(i => (0.15 + (0.03 * i), i % 2 == 0 ? 0.2 : 0.75)));
        await page.WaitForAnswer("refused");
        await page.Screenshot("scribble");

        Assert.Equal("?", await page.Digit());
        Assert.Equal("doesn't look like a digit", await page.Page.Locator("#certainty").InnerTextAsync());
        Assert.Contains("comes nearest", await page.Page.Locator("#reason").InnerTextAsync(), StringComparison.Ordinal);

        await page.Clear();
        await page.Draw(2, s_neat, new Random(5));
        Assert.Equal("2", await page.Answer());
        Assert.False(await page.Page.Locator("#reason").IsVisibleAsync());
    }

    [ChromiumFact]
    public async Task A_single_point_does_not_look_like_a_digit()
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());
        await page.Stroke([(0.5, 0.5)]);

        await page.WaitForAnswer("refused");
    }

    [ChromiumFact]
    public async Task An_error_of_the_server_is_shown_in_the_card_until_the_next_answer()
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());
        await page.Page.RouteAsync("**/predict?*", route => route.FulfillAsync(new RouteFulfillOptions
        {
            Status = 200,
            ContentType = "application/json",
            Body = "not JSON",
        }));
        await page.Draw(3, s_neat, new Random(4));
        await page.WaitForAnswer("failed");

        await page.Page.UnrouteAsync("**/predict?*");
        await page.Clear();
        await page.Draw(7, s_neat, new Random(4));
        await page.WaitForAnswer("answered");
        Assert.False(await page.Page.Locator("#note").IsVisibleAsync());
    }

    [ChromiumFact]
    public async Task The_header_has_the_test_accuracy_and_the_number_of_digits()
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());

        string text = await page.Page.Locator("header #accuracy").InnerTextAsync();

        Assert.Equal(string.Create(CultureInfo.InvariantCulture,
            $"Test accuracy: {fixture.TestAccuracy * 100:F2} % of the 10,000 test digits."), text);
        Assert.InRange(fixture.TestAccuracy, 0.97, 0.995);
    }

    [ChromiumFact]
    public async Task Without_test_digits_the_header_says_that_the_accuracy_is_unknown_and_why()
    {
        await using WebApplication server = await fixture.StartServer(port: 0, mnist: "nowhere");
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions(), address: new Uri(server.Urls.Single()));

        string text = await page.Page.Locator("header #accuracy").InnerTextAsync();

        Assert.StartsWith("Test accuracy: unknown.", text, StringComparison.Ordinal);
        Assert.Contains("nowhere", text, StringComparison.Ordinal);
        Assert.Equal("", await page.Page.Locator("#never-learned").InnerTextAsync());
    }

    [ChromiumTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_disabled_button_is_paler_than_an_enabled_one_and_has_no_hand(ColorScheme scheme)
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions { ColorScheme = scheme });
        const string Look = "id => { const s = getComputedStyle(document.getElementById(id)); "
            + "return [s.cursor, s.borderTopStyle, s.color, s.backgroundColor].join('|'); }";
        string[] disabled = [await page.Page.EvaluateAsync<string>(Look, "undo"), await page.Page.EvaluateAsync<string>(Look, "clear")];
        Assert.True(await page.Page.Locator("#clear").IsDisabledAsync());
        await page.Screenshot($"disabled-{scheme}");

        await page.Draw(1, s_neat, new Random(1));
        string[] enabled = [await page.Page.EvaluateAsync<string>(Look, "undo"), await page.Page.EvaluateAsync<string>(Look, "clear")];

        Assert.All(disabled, look => Assert.StartsWith("not-allowed|dashed|", look, StringComparison.Ordinal));
        Assert.All(enabled, look => Assert.StartsWith("pointer|solid|", look, StringComparison.Ordinal));
        Assert.All(disabled.Zip(enabled), pair => Assert.NotEqual(pair.First.Split('|')[2], pair.Second.Split('|')[2]));
    }
}
