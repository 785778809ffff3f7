using DigitPad.Model;
using MnistMlNet.Mnist;

namespace DigitPad.Api;

/// <summary>The endpoints that describe the network itself.</summary>
internal static class ModelEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/training", (ModelStore store) => TypedResults.Ok(store.State))
            .WithSummary("The state of the model: loading, training, ready or failed.");
        app.MapGet("/model", (ModelStore store) =>
            store.Model is { } model ? TypedResults.Ok(Describe(model)) : Problems.NotReady(store.State))
            .WithSummary("The hidden units' weights, as pictures.")
            .Produces<ModelResponse>().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static ModelResponse Describe(PadModel model)
    {
        ReadOnlySpan<float> weights = model.HiddenWeights;
        byte[] pictures = new byte[weights.Length];
        for (int h = 0; h < model.HiddenUnits; h++)
        {
            ReadOnlySpan<float> unit = weights.Slice(h * MnistImage.PixelCount, MnistImage.PixelCount);
            float largest = 0;
            foreach (float weight in unit)
            {
                largest = Math.Max(largest, Math.Abs(weight));
            }

            for (int i = 0; i < unit.Length; i++)
            {
                pictures[(h * MnistImage.PixelCount) + i] = largest == 0 ? (byte)0
                    : unchecked((byte)(sbyte)MathF.Round(unit[i] / largest * sbyte.MaxValue));
            }
        }

        return new ModelResponse(model.HiddenUnits, Convert.ToBase64String(pictures));
    }
}
