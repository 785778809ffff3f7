using System.ComponentModel;

namespace DigitPad.Api;

/// <summary>The network's size and weights.</summary>
internal sealed record ModelResponse(
    [property: Description("The number of hidden units.")] int HiddenUnits,
    [property: Description("Their weights as pictures: base64 of [hiddenUnits, 784] signed bytes, each unit's scaled so that its largest "
        + "magnitude is 127.")]
    string HiddenWeights,
    [property: Description("The largest magnitude of each unit's weights: the weight of pixel i is byte i / 127 × this.")]
    float[] HiddenScales,
    [property: Description("The effect of each unit on each digit, [hiddenUnits][10]: its weight to that digit less the mean over the "
        + "digits. Above 0 it speaks for the digit, below 0 against it.")]
    float[][] Effects,
    [property: Description("For each unit, whether it changes no prediction: from one test digit to another it changes the odds between "
        + "two digits by at most 1 %. null if there were no test digits at the start.")]
    bool[]? NeverLearned);
