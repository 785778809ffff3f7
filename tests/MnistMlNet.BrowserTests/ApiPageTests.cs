using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;

namespace MnistMlNet.BrowserTests;

/// <summary>The page that describes the API.</summary>
[Collection(SharedPad.Name)]
public sealed class ApiPageTests(PadFixture fixture)
{
    [ChromiumFact]
    public async Task Each_command_works_as_pasted_and_its_answer_has_the_form_that_the_page_shows()
    {
        await using PadPage page = await PadPage.Open(fixture, new BrowserNewPageOptions());
        await page.Page.ClickAsync("footer a[href=api]");
        await page.Screenshot("api");
        await page.Page.SetViewportSizeAsync(375, 740);
        await page.Screenshot("api-phone");
        Assert.True(await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        IReadOnlyList<IElementHandle> codes = await page.Page.QuerySelectorAllAsync("pre code");
        int commands = 0;
        string output = "";
        foreach (IElementHandle code in codes)
        {
            string text = (await code.TextContentAsync())!;
            if (await code.GetAttributeAsync("class") == "curl")
            {
                output = await Run(text);
                Assert.NotEmpty(output);
                commands++;
            }
            else
            {
                AssertSameForm(text, output);
            }
        }

        Assert.Equal(8, commands);
    }

    // Numbers depend on the trained network, so only the names, their order and the texts are compared; "…" stands for the rest.
    private static void AssertSameForm(string shown, string real)
    {
        using JsonDocument expected = JsonDocument.Parse(shown.Replace("[…]", "[]", StringComparison.Ordinal)),
            actual = JsonDocument.Parse(real);
        AssertSameForm(expected.RootElement, actual.RootElement);
    }

    private static void AssertSameForm(JsonElement shown, JsonElement real)
    {
        Assert.Equal(shown.ValueKind, real.ValueKind);
        switch (shown.ValueKind)
        {
            case JsonValueKind.Object:
                // ASP.NET Core adds a link to the status's definition and a trace number to each problem.
                JsonProperty[] names = [.. real.EnumerateObject().Where(member => member.Name is not ("type" or "traceId"))];
                Assert.Equal(shown.EnumerateObject().Select(member => member.Name), names.Select(member => member.Name));
                foreach (JsonProperty member in names)
                {
                    AssertSameForm(shown.GetProperty(member.Name), member.Value);
                }

                break;
            case JsonValueKind.Array when shown.GetArrayLength() > 0:
                Assert.Equal(shown.GetArrayLength(), real.GetArrayLength());
                AssertSameForm(shown[0], real[0]);
                break;
            case JsonValueKind.String when !shown.GetString()!.Contains('%', StringComparison.Ordinal):
                Assert.Equal(shown.GetString(), real.GetString());
                break;
        }
    }

    private static async Task<string> Run(string command)
    {
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-c", command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = shell.StandardOutput.ReadToEndAsync(), error = shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"{command} ended with {shell.ExitCode}: {await error}");
        return await output;
    }
}
