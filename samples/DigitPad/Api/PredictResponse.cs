using System.ComponentModel;
using System.Text.Json.Serialization;

namespace DigitPad.Api;

/// <summary>The prediction for one image.</summary>
internal sealed record PredictResponse(
    [property: Description("The digit with the highest probability.")] int Digit,
    [property: Description("The probabilities of the digits 0 to 9; their sum is 1.")] float[] Probabilities,
    [property: Description("Whether the image looks like a handwritten digit, by its ink and its distance from MNIST's digits. If false, "
        + "digit and probabilities mean little. null if there were no training digits at the start to derive the rule from.")]
    bool? LooksLikeDigit,
    [property: Description("If looksLikeDigit is false: the reason.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Reason = null,
    [property: Description("With explain=true: the 784 pixels that the network saw, rounded to 0..255.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    int[]? Pixels = null,
    [property: Description("With explain=true: the activation of each hidden unit; a unit is active above 0.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    float[]? Hidden = null);
