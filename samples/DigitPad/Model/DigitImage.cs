namespace DigitPad.Model;

/// <summary>A digit of MNIST that is kept in memory.</summary>
/// <param name="Label">The digit, 0 to 9.</param>
/// <param name="Pixels"><c>[784]</c>, 0 to 255.</param>
internal sealed record DigitImage(int Label, byte[] Pixels);
