using System.Globalization;
using DigitPad.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DigitPad.Api;

/// <summary>The error responses, in the form of RFC 9457. Each names the value found and the value expected.</summary>
internal static class Problems
{
    public static IResult BadField(FieldException e) =>
        Problem(StatusCodes.Status400BadRequest, "The request can't be used.", e.Message, e.Field, e.Found, e.Wanted);

    public static IResult UnsupportedType(string? found, string wanted) => Problem(
        StatusCodes.Status415UnsupportedMediaType, "The content isn't of a supported type.",
        $"Content-Type is {found ?? "missing"}; {wanted} is expected.", "Content-Type", found ?? "missing", wanted);

    public static IResult TooLarge(long? found, long limit) => Problem(
        StatusCodes.Status413PayloadTooLarge, "The request is too large.",
        $"The body has {Bytes(found, limit)} bytes; at most {limit} are expected.", "body", $"{Bytes(found, limit)} bytes",
        $"at most {limit} bytes");

    public static IResult BadBody(BadHttpRequestException e) => Problem(
        e.StatusCode, "The body can't be read.",
        e.StatusCode == StatusCodes.Status408RequestTimeout
            ? $"The body comes too slowly; at least {PadServer.MinBytesPerSecond} bytes a second are expected."
            : "The body is cut short or malformed; a whole body is expected.",
        "body", e.StatusCode == StatusCodes.Status408RequestTimeout ? "too slow" : "cut short or malformed",
        $"a whole body, at least {PadServer.MinBytesPerSecond} bytes a second");

    public static IResult TooManyRequests(int limit) => Problem(
        StatusCodes.Status429TooManyRequests, "Too many requests.",
        $"More than {limit} requests came in one second; try again in a second.",
        "request", $"more than {limit} a second", $"at most {limit} a second");

    public static IResult TooManyPixels(ClientLimitException e) => Problem(
        StatusCodes.Status429TooManyRequests, "Too many pixels.",
        $"The PNGs of this address have more pixels than {e.MillionsPerSecond} million a second; try again in {e.Seconds} s, or send "
            + $"smaller images.",
        "request", $"more than {e.MillionsPerSecond} million pixels a second", $"at most {e.MillionsPerSecond} million pixels a second");

    public static IResult NotReady(TrainingState state) => TypedResults.Problem(
        state.Message, statusCode: StatusCodes.Status503ServiceUnavailable, title: "There is no model yet.",
        extensions: new Dictionary<string, object?> { ["phase"] = state.Phase });

    private static string Bytes(long? found, long limit) => found?.ToString(CultureInfo.InvariantCulture) ?? $"more than {limit}";

    private static ProblemHttpResult Problem(int status, string title, string detail, string field, string found, string wanted) =>
        TypedResults.Problem(
        detail, statusCode: status, title: title,
        extensions: new Dictionary<string, object?> { ["field"] = field, ["found"] = found, ["wanted"] = wanted });
}
