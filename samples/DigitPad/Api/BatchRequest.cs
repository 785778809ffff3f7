using System.ComponentModel;

namespace DigitPad.Api;

/// <summary>The form of many images in JSON, for the description.</summary>
internal sealed record BatchRequest([property: Description("1 to 256 images.")] PredictRequest[] Images);
