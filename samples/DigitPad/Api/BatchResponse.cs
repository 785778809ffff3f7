using System.ComponentModel;

namespace DigitPad.Api;

/// <summary>The predictions for many images.</summary>
internal sealed record BatchResponse(
    [property: Description("One for each image, in the order of the request.")] PredictResponse[] Predictions);
