using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DigitPad.Api;

/// <summary>
/// Adds to the OpenAPI description what the signatures of the endpoints don't show: the endpoints read their bodies themselves.
/// </summary>
internal static class ApiDescription
{
    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "DigitPad",
                Version = "1",
                Description = "Reads handwritten digits with a network of one hidden layer, trained on MNIST.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancellationToken) =>
        {
            switch (operation.OperationId)
            {
                case "Predict":
                    operation.RequestBody = Body(
                        await context.GetOrCreateSchemaAsync(typeof(PredictRequest), cancellationToken: cancellationToken), withPng: true);
                    operation.Parameters = [
                        Query("explain", JsonSchemaType.Boolean,
                            "Whether to add the pixels that the network saw and the activations of its hidden units."),
                        Query("ink", JsonSchemaType.String, "With image/png: dark (the default) for dark ink on a light page, or light."),
                        Query("noise", JsonSchemaType.Number, "With image/png: ink up to this value, 0 to below 255, counts as background. "
                            + "The default is 0."),
                    ];
                    break;
                case "PredictBatch":
                    operation.RequestBody = Body(
                        await context.GetOrCreateSchemaAsync(typeof(BatchRequest), cancellationToken: cancellationToken), withPng: false);
                    break;
            }
        });
    }

    private static OpenApiRequestBody Body(OpenApiSchema json, bool withPng)
    {
        Dictionary<string, OpenApiMediaType> content = new() { ["application/json"] = new OpenApiMediaType { Schema = json } };
        if (withPng)
        {
            content["image/png"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };
        }

        return new OpenApiRequestBody { Required = true, Content = content };
    }

    private static OpenApiParameter Query(string name, JsonSchemaType type, string description) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = new OpenApiSchema { Type = type } };
}
