using System.ComponentModel;

namespace DigitPad.Api;

/// <summary>The network's size and weights.</summary>
internal sealed record ModelResponse(
    [property: Description("The number of hidden units.")] int HiddenUnits,
    [property: Description("Their weights as pictures: base64 of [hiddenUnits, 784] signed bytes, each unit's scaled so that its largest "
        + "magnitude is 127.")]
    string HiddenWeights);
