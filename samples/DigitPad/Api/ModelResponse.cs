using System.ComponentModel;

namespace DigitPad.Api;

/// <summary>What there is to see of the network itself.</summary>
internal sealed record ModelResponse(
    [property: Description("The number of hidden units.")] int HiddenUnits,
    [property: Description("Their weights as pictures: base64 of [hiddenUnits, 784] signed bytes, each unit's scaled so that its largest "
        + "magnitude is 127.")]
    string HiddenWeights);
