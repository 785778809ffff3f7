using System.ComponentModel;
using System.Text.Json.Serialization;

namespace DigitPad.Api;

/// <summary>What the network makes of one image.</summary>
internal sealed record PredictResponse(
    [property: Description("The digit of the greatest probability.")] int Digit,
    [property: Description("The probabilities of the digits 0 to 9; together 1.")] float[] Probabilities,
    [property: Description("With explain=true: the 784 pixels that the network saw, rounded to 0..255.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    int[]? Pixels = null,
    [property: Description("With explain=true: what each hidden unit gives; it fires above 0.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    float[]? Hidden = null);
