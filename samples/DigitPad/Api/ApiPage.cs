using System.Net;

namespace DigitPad.Api;

/// <summary>The page that describes the API to people. Its commands have the address of this server, so that they work as pasted.</summary>
internal static class ApiPage
{
    private static readonly string s_page = Read();

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/api", (HttpRequest request) => TypedResults.Text(
            s_page.Replace("{origin}", WebUtility.HtmlEncode($"{request.Scheme}://{request.Host}"), StringComparison.Ordinal), "text/html"))
            .ExcludeFromDescription();

    private static string Read()
    {
        using Stream resource = typeof(ApiPage).Assembly.GetManifestResourceStream("ApiPage.html")!;
        using StreamReader reader = new(resource);
        return reader.ReadToEnd();
    }
}
