using DigitPad.Model;
using MnistMlNet.Mnist;

namespace DigitPad.Api;

/// <summary>The endpoints that describe the network itself.</summary>
internal static class ModelEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/training", (ModelStore store) => TypedResults.Ok(store.State))
            .WithSummary("The state of the model: loading, training, ready or failed; its accuracy on the test digits.");
        app.MapGet("/model", (ModelStore store) =>
            store.Model is { } model ? TypedResults.Ok(Describe(model, store.Test)) : Problems.NotReady(store.State))
            .WithSummary("The hidden units: their weights, as pictures, and the digits that they speak for and against.")
            .Produces<ModelResponse>().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static ModelResponse Describe(PadModel model, TestResult? test)
    {
        ReadOnlySpan<float> weights = model.HiddenWeights;
        byte[] pictures = new byte[weights.Length];
        float[] scales = new float[model.HiddenUnits];
        for (int h = 0; h < model.HiddenUnits; h++)
        {
            ReadOnlySpan<float> unit = weights.Slice(h * MnistImage.PixelCount, MnistImage.PixelCount);
            float largest = 0;
            foreach (float weight in unit)
            {
                largest = Math.Max(largest, Math.Abs(weight));
            }

            scales[h] = largest;
            for (int i = 0; i < unit.Length; i++)
            {
                pictures[(h * MnistImage.PixelCount) + i] = largest == 0 ? (byte)0
                    : unchecked((byte)(sbyte)MathF.Round(unit[i] / largest * sbyte.MaxValue));
            }
        }

        return new ModelResponse(model.HiddenUnits, Convert.ToBase64String(pictures), scales, model.Effects, test?.NeverLearned);
    }
}
