using MnistMlNet.Mnist;

namespace DigitPad.Model;

/// <summary>Makes images that aren't digits from images of digits, so that only the shape differs and not the pen.</summary>
/// <remarks>
/// A network that learned from drawn scribbles could tell them from MNIST's digits by the width or the edges of their strokes, and would
/// then refuse digits that are drawn on the pad.
/// </remarks>
internal sealed class NonDigits(IReadOnlyList<DigitImage> digits, Random random)
{
    private const int Side = MnistImage.Side;
    private const int CanvasSide = 48;

    // Digits that aren't digits any more when they are turned in this way. A turned 0 or 8 is one, and a turned 6 is a 9.
    private static readonly int[] s_transposed = [1, 2, 3, 4, 7], s_mirrored = [3, 4, 7, 9], s_upsideDown = [4, 7];

    private readonly DigitImage[] _transposed = Of(digits, s_transposed), _mirrored = Of(digits, s_mirrored),
        _upsideDown = Of(digits, s_upsideDown);

    /// <summary>Makes one image: three of five are two to four digits on top of each other, one of twenty is noise, and the others are
    /// digits that are turned.</summary>
    /// <returns><c>[784]</c>, 0 to 255, in MNIST's form.</returns>
    public byte[] Next() => random.Next(20) switch
    {
        < 12 => Overlay(),
        < 15 => Turned(_transposed, isTransposed: true, isMirrored: false, isUpsideDown: false),
        < 18 => Turned(_mirrored, isTransposed: false, isMirrored: true, isUpsideDown: false),
        < 19 => Turned(_upsideDown, isTransposed: false, isMirrored: false, isUpsideDown: true),
        _ => Noise(),
    };

    private byte[] Overlay()
    {
        byte[] canvas = new byte[CanvasSide * CanvasSide];
        int count = random.Next(2, 5);
        for (int i = 0; i < count; i++)
        {
            byte[] digit = Turn(Pick(digits).Pixels, random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0);
            int left = random.Next(4, 17), top = random.Next(4, 17);
            for (int y = 0; y < Side; y++)
            {
                for (int x = 0; x < Side; x++)
                {
                    ref byte pixel = ref canvas[((top + y) * CanvasSide) + left + x];
                    pixel = Math.Max(pixel, digit[(y * Side) + x]);
                }
            }
        }

        float[] normalized = new float[MnistImage.PixelCount];
        MnistImage.Normalize(canvas, CanvasSide, CanvasSide, ImagePolarity.LightOnDark, noise: 0, normalized);
        return [.. normalized.Select(pixel => (byte)MathF.Round(pixel))];
    }

    private byte[] Turned(DigitImage[] digitsOfThatKind, bool isTransposed, bool isMirrored, bool isUpsideDown) =>
        digitsOfThatKind.Length == 0 ? Noise() : Turn(Pick(digitsOfThatKind).Pixels, isTransposed, isMirrored, isUpsideDown);

    // The ink of a digit, at other pixels.
    private byte[] Noise()
    {
        byte[] pixels = [.. Pick(digits).Pixels];
        random.Shuffle(pixels);
        return pixels;
    }

    private T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private static byte[] Turn(byte[] pixels, bool isTransposed, bool isMirrored, bool isUpsideDown)
    {
        byte[] turned = new byte[pixels.Length];
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                int fromX = isMirrored ? Side - 1 - x : x, fromY = isUpsideDown ? Side - 1 - y : y;
                turned[(y * Side) + x] = pixels[isTransposed ? (fromX * Side) + fromY : (fromY * Side) + fromX];
            }
        }

        return turned;
    }

    private static DigitImage[] Of(IReadOnlyList<DigitImage> digits, int[] labels) =>
        [.. digits.Where(digit => labels.Contains(digit.Label))];
}
