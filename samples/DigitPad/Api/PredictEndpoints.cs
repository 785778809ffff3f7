using System.Globalization;
using DigitPad.Images;
using DigitPad.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DigitPad.Api;

/// <summary>Predictions over HTTP.</summary>
internal static class PredictEndpoints
{
    /// <summary>The maximum size of a body in bytes: 256 images as numbers of up to 20 characters each.</summary>
    public const long MaxBytes = 1 << 22;

    private const string Json = "application/json", Png = "image/png";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/predict", (HttpRequest request, ModelStore store) => Answer(request, store, [Json, Png], One))
            .WithName("Predict").WithSummary("Reads one digit.")
            .Produces<PredictResponse>().AddRefusals();
        app.MapPost("/predict/batch", (HttpRequest request, ModelStore store) => Answer(request, store, [Json], Many))
            .WithName("PredictBatch").WithSummary("Reads up to 256 digits.")
            .Produces<BatchResponse>().AddRefusals();
    }

    private static void AddRefusals(this RouteHandlerBuilder endpoint)
    {
        endpoint.RequireRateLimiting(PadServer.RatePolicy);
        int[] codes = [400, 408, 413, 415, 429, 503];
        foreach (int code in codes)
        {
            endpoint.ProducesProblem(code);
        }
    }

    private static Ok<PredictResponse> One(HttpRequest request, byte[] body, PadModel model, DigitShape? shape)
    {
        bool explain = (string?)request.Query["explain"] switch
        {
            null or "false" => false,
            "true" => true,
            string other => throw new FieldException("explain", Digits.Quoted(other), "true or false"),
        };
        PixelBudget budget = Budget(request);
        float[] pixels = IsType(request, Json)
            ? JsonImages.ReadOne(body, budget)
            : Digits.FromPng(body, request.Query["ink"], Noise(request.Query["noise"]), "", "body", budget);
        return TypedResults.Ok(Predict(model, shape, pixels, explain));
    }

    private static Ok<BatchResponse> Many(HttpRequest request, byte[] body, PadModel model, DigitShape? shape) =>
        TypedResults.Ok(new BatchResponse(
            [.. JsonImages.ReadMany(body, Budget(request)).Select(pixels => Predict(model, shape, pixels, explain: false))]));

    private static PredictResponse Predict(PadModel model, DigitShape? shape, float[] pixels, bool explain)
    {
        float[] probabilities = model.Predict(pixels);
        int digit = probabilities.IndexOf(probabilities.Max());
        string? reason = shape?.ReasonAgainst(pixels);
        PredictResponse response = new(digit, probabilities, shape is null ? null : reason is null, reason);
        return explain
            ? response with { Pixels = [.. pixels.Select(p => (int)MathF.Round(p))], Hidden = model.HiddenActivations(pixels) }
            : response;
    }

    private static PixelBudget Budget(HttpRequest request)
    {
        ClientPixels clients = request.HttpContext.RequestServices.GetRequiredService<ClientPixels>();
        System.Net.IPAddress? client = request.HttpContext.Connection.RemoteIpAddress;
        return new PixelBudget(JsonImages.MaxPixels, count => clients.Charge(client, count));
    }

    private static float Noise(string? text) => text is null
        ? 0
        : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float noise)
            ? noise
            : throw new FieldException("noise", Digits.Quoted(text), Digits.WantedNoise);

    private static async Task<IResult> Answer(HttpRequest request, ModelStore store, string[] types, Func<HttpRequest, byte[], PadModel,
        DigitShape?, IResult> answer)
    {
        if (!types.Any(type => IsType(request, type)))
        {
            return Problems.UnsupportedType(request.ContentType, string.Join(" or ", types));
        }

        if (store.Model is not { } model)
        {
            request.HttpContext.Response.Headers.RetryAfter = "1";
            return Problems.NotReady(store.State);
        }

        byte[] content;
        try
        {
            // The announced length only saves copies; Kestrel counts the bytes that really arrive.
            using MemoryStream body = new((int)Math.Min(request.ContentLength ?? 0, MaxBytes));
            // Kestrel itself ends the reading when the connection ends; if we canceled a read here, Kestrel would report an error
            // afterwards.
            await request.Body.CopyToAsync(body, CancellationToken.None);
            content = body.ToArray();
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Problems.TooLarge(request.ContentLength, MaxBytes);
        }
        catch (BadHttpRequestException e)
        {
            // An error of the client, such as a body that arrives too slowly: it gets an answer, not an error in the log.
            return Problems.BadBody(e);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The connection ended within the body: there is no client left to answer, and it is not an error of the server.
            // Without this Kestrel tries to read the rest of the body, and logs that as an error.
            request.HttpContext.Abort();
            return TypedResults.Empty;
        }

        try
        {
            return answer(request, content, model, store.Shape);
        }
        catch (FieldException e)
        {
            return Problems.BadField(e);
        }
        catch (ClientLimitException e)
        {
            request.HttpContext.Response.Headers.RetryAfter = e.Seconds.ToString(CultureInfo.InvariantCulture);
            return Problems.TooManyPixels(e);
        }
    }

    private static bool IsType(HttpRequest request, string type) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType,
            out Microsoft.Net.Http.Headers.MediaTypeHeaderValue? header)
        && header.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
}
