namespace DigitPad.Images;

/// <summary>A grey image.</summary>
/// <param name="Pixels">Row-major <c>[Height, Width]</c>, 0 (black) to 255 (white).</param>
internal sealed record GreyImage(byte[] Pixels, int Width, int Height);
