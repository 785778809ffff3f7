using MnistMlNet.Network;

namespace MnistMlNet.Data;

/// <summary>The inputs cut in two, for ever at the same place: while training, sums over inputs are the sum of the first half plus that of the second. (Predictions add all in one go.)</summary>
/// <remarks>
/// So two cores can each do one half for all rows, with the half of W1 that no other core touches, and the bits are those of one core.
/// The place depends on nothing but the number of inputs, so rows train alike whether they are packed sparse or dense, whole or in windows.
/// </remarks>
internal readonly struct InputHalves(int inputCount)
{
    /// <summary>How many halves there are.</summary>
    public const int Count = 2;

    /// <summary>Gets the first input of the second half: a multiple of 16, or all inputs where there are no more, so that two workers don't write to one cache line of a dense row.</summary>
    public int Middle => Math.Min(PanelLayout.Pad((inputCount + 1) / 2), inputCount);

    public int First(int half) => half == 0 ? 0 : Middle;

    public int End(int half) => half == 0 ? Middle : inputCount;
}
