using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace MnistMlNet.BrowserTests;

/// <summary>The hidden units, and what each says about the digits.</summary>
[Collection(SharedPad.Name)]
public sealed class UnitTests(PadFixture fixture)
{
    private const string Blue = "rgb(47, 127, 209)", Orange = "rgb(200, 100, 27)";       // docs/reporting.md, "Colours"

    [ChromiumTheory]
    [InlineData("hover")]
    [InlineData("keyboard")]
    [InlineData("tap")]
    public async Task A_unit_shows_the_digits_that_it_speaks_for_and_against(string way)
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = way == "tap" ? 375 : 1200, Height = 900 },
            HasTouch = way == "tap",
        });
        const int Unit = 11;
        ILocator tile = page.Page.Locator("#units button").Nth(Unit);
        switch (way)
        {
            case "hover":
                await tile.HoverAsync();
                break;
            case "keyboard":
                await page.Page.Locator("#clear").FocusAsync();
                await page.Page.Locator("#units button").First.FocusAsync();
                for (int i = 0; i < Unit; i++)
                {
                    await page.Page.Keyboard.PressAsync("ArrowRight");
                }

                break;
            default:
                await tile.TapAsync();
                break;
        }

        await page.Screenshot($"unit-{way}");
        (int Digit, double Effect)[] expected = [.. (await Effects())[Unit].Index().Select(e => (e.Index, e.Item))
            .OrderByDescending(e => e.Item)];
        IReadOnlyList<string> rows = await page.Page.Locator("#unit-digits li").AllInnerTextsAsync();
        Assert.Equal(
            expected.Select(e => string.Create(CultureInfo.InvariantCulture,
                $"{e.Digit} {(e.Effect < 0 ? "−" : "+")}{Math.Abs(e.Effect):F2}")),
            rows.Select(row => string.Join(' ', row.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))));
        string[] colours = await page.Page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('#unit-digits .fill')].map(e => getComputedStyle(e).backgroundColor)");
        Assert.Equal(expected.Select(e => e.Effect < 0 ? Orange : Blue), colours);

        string sentence = $"speaks for {expected[0].Digit} and {expected[1].Digit}, against {expected[^1].Digit} and {expected[^2].Digit}";
        Assert.Equal($"Unit {Unit} {sentence}", await page.Page.Locator("#unit-title").InnerTextAsync());
        Assert.Contains(sentence, await tile.GetAttributeAsync("aria-label"), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task The_pictures_of_the_weights_are_blue_above_0_and_orange_below()
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());
        JsonElement model = await Model();
        sbyte[] weights = [.. model.GetProperty("hiddenWeights").GetBytesFromBase64().Take(784).Select(b => (sbyte)b)];
        int highest = weights.IndexOf(weights.Max()), lowest = weights.IndexOf(weights.Min());

        int[][] pixels = await page.Page.EvaluateAsync<int[][]>(
            "at => { const d = document.querySelector('#units canvas').getContext('2d').getImageData(0, 0, 28, 28).data; "
                + "return at.map(i => [...d.slice(4 * i, 4 * i + 4)]); }",
            new[] { highest, lowest });

        // A canvas keeps colours multiplied by their opacity, so they come back rounded.
        Assert.True(pixels[0][2] > pixels[0][0] + 50 && pixels[0][3] > 100, $"The highest weight has the colour {Text(pixels[0])}.");
        Assert.True(pixels[1][0] > pixels[1][2] + 50 && pixels[1][3] > 100, $"The lowest weight has the colour {Text(pixels[1])}.");

        static string Text(int[] values) => string.Join(' ', values);
    }

    [ChromiumFact]
    public async Task A_unit_that_never_learned_is_labelled()
    {
        JsonObject model = JsonNode.Parse((await Model()).GetRawText())!.AsObject();
        model["neverLearned"]![5] = true;
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions(), prepare: page => page.RouteAsync(
            "**/model", route => route.FulfillAsync(
                new RouteFulfillOptions { ContentType = "application/json", Body = model.ToJsonString() })));
        ILocator tile = page.Page.Locator("#units li").Nth(5);
        await tile.HoverAsync();
        await page.Screenshot("never-learned");

        Assert.Equal("never learned", (await tile.InnerTextAsync()).Trim());
        Assert.Contains("never learned", await tile.Locator("button").GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        Assert.StartsWith("Unit 5 never learned", await page.Page.Locator("#unit-title").InnerTextAsync(), StringComparison.Ordinal);
        int count = model["neverLearned"]!.AsArray().Count(never => (bool)never!);
        Assert.StartsWith($"{count} of 64 never learned", await page.Page.Locator("#never-learned").InnerTextAsync(),
            StringComparison.Ordinal);
    }

    private async Task<JsonElement> Model()
    {
        using HttpClient client = new();
        return JsonDocument.Parse(await client.GetStringAsync(new Uri(fixture.Address, "model"))).RootElement;
    }

    private async Task<double[][]> Effects() =>
        [.. (await Model()).GetProperty("effects").EnumerateArray()
            .Select(unit => unit.EnumerateArray().Select(effect => effect.GetDouble()).ToArray())];
}
