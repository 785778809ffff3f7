using System.ComponentModel;

namespace DigitPad.Api;

/// <summary>The form of one image in JSON. Requests are read by <see cref="JsonImages"/>, which names the place of a mistake; this is for the description.</summary>
internal sealed record PredictRequest(
    [property: Description("784 numbers from 0 (ground) to 255 (ink), 28 rows of 28, already in MNIST's form. Either this or png.")] float[]? Pixels,
    [property: Description("A PNG of up to 1024 × 1024 pixels in base64; it is brought to MNIST's form first. Either this or pixels.")] string? Png,
    [property: Description("With png: \"dark\" (the default) for dark ink on light ground, or \"light\".")] string? Ink,
    [property: Description("With png: ink of up to so much, 0 to below 255, counts as ground. The default is 0.")] float? Noise);
