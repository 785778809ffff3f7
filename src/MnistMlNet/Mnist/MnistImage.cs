using System.Globalization;

namespace MnistMlNet.Mnist;

/// <summary>Normalizes grey images to the form of MNIST's images, as a network that was trained on MNIST needs them.</summary>
/// <remarks>
/// As MNIST's authors describe it (Y. LeCun, C. Cortes, C. Burges): the digit is "size normalized to fit in a 20x20 pixel box while
/// preserving" its "aspect ratio", with "grey levels as a result of the anti-aliasing", and "centered in a 28x28 image by computing the
/// center of mass of the pixels, and translating the image so as to position this point at the center". Details that this description
/// doesn't define follow from the data: in all 10,000 test images the centre of mass, in pixels from the middle of the first pixel, is 13.5
/// to 14.5 in both directions. So the image is moved by whole pixels, to a centre of 14. <c>Normalize</c> returns 9,997 of those images
/// unchanged; the other three were clipped by their authors, and become larger by a pixel.
/// </remarks>
public static class MnistImage
{
    /// <summary>The number of rows, and of columns, of a result.</summary>
    public const int Side = 28;

    /// <summary>The number of pixels of a result.</summary>
    public const int PixelCount = Side * Side;

    /// <summary>The length, in pixels, of the longer side of a digit in a result.</summary>
    public const int BoxSide = 20;

    /// <summary>The value of full ink in a result.</summary>
    public const float MaxPixel = 255;

    /// <summary>Finds the ink of a grey image, scales it to 20 pixels, and centres it by mass in 28 × 28.</summary>
    /// <param name="pixels">Row-major <c>[height, width]</c>, 0 (black) to 255 (white).</param>
    /// <param name="width">The number of columns, 0 or more.</param>
    /// <param name="height">The number of rows, 0 or more.</param>
    /// <param name="ink">Which end of the grey scale is ink.</param>
    /// <param name="noise">0 to below 255: ink of up to this value counts as background. Use 0 for drawings, and about 50 for photographs
    /// and scans, where paper isn't completely white.</param>
    /// <param name="digit"><c>[784]</c>, row by row, overwritten: 0 (background) to 255 (ink), not rounded to whole numbers.</param>
    /// <returns>True; false if no pixel is ink or the image is empty: then <paramref name="digit"/> is all 0.</returns>
    /// <remarks>
    /// The smallest rectangle around all ink is <c>w</c> pixels wide and <c>h</c> high. The digit becomes <c>20·w/max(w, h)</c> wide and
    /// <c>20·h/max(w, h)</c> high, but no side less than 1. It is resampled by area: each pixel is distributed evenly over the area that it
    /// covers in the result. If the digit shrinks, a pixel of the result is the mean of the pixels it covers; if it grows, the original
    /// pixels remain visible as squares. The sum of the result is the sum of the image times the change of area. The shorter side is
    /// centred within the whole pixels that it covers. Parts outside the 28 × 28 pixels after centring are clipped, as in 3 of MNIST's
    /// 10,000 test images; this happens only if the centre of mass is about 4 pixels away from the middle of the box.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/>, <paramref name="height"/>, <paramref name="ink"/> or
    /// <paramref name="noise"/> is out of range.</exception>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static bool Normalize(ReadOnlySpan<byte> pixels, int width, int height, ImagePolarity ink, float noise, Span<float> digit)
    {
        CheckShape(pixels.Length, width, height, ink, digit.Length, noise);
        float[] values = new float[pixels.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Ink(pixels[i], ink, noise);
        }

        return NormalizeInk(values, width, height, digit);
    }

    /// <summary>
    /// Finds the ink of a grey image, scales it to 20 pixels, and centres it by mass in 28 × 28, as the overload for bytes does.
    /// </summary>
    /// <param name="pixels">Row-major <c>[height, width]</c>, 0 (black) to 255 (white).</param>
    /// <param name="width">The number of columns, 0 or more.</param>
    /// <param name="height">The number of rows, 0 or more.</param>
    /// <param name="ink">Which end of the grey scale is ink.</param>
    /// <param name="noise">0 to below 255: ink of up to this value counts as background.</param>
    /// <param name="digit"><c>[784]</c>, row by row, overwritten: 0 (background) to 255 (ink). Unchanged if an argument is invalid.</param>
    /// <returns>True; false if no pixel is ink or the image is empty: then <paramref name="digit"/> is all 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/>, <paramref name="height"/>, <paramref name="ink"/> or
    /// <paramref name="noise"/> is out of range.</exception>
    /// <exception cref="ArgumentException">A span has the wrong length, or a pixel is NaN or not within 0 to 255.</exception>
    public static bool Normalize(ReadOnlySpan<float> pixels, int width, int height, ImagePolarity ink, float noise, Span<float> digit)
    {
        CheckShape(pixels.Length, width, height, ink, digit.Length, noise);
        float[] values = new float[pixels.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (!(pixels[i] is >= 0 and <= MaxPixel))
            {
                throw new ArgumentException($"pixels[{i}] is {pixels[i].ToString(CultureInfo.InvariantCulture)}; a number from 0 to 255 "
                    + $"is expected.", nameof(pixels));
            }

            values[i] = Ink(pixels[i], ink, noise);
        }

        return NormalizeInk(values, width, height, digit);
    }

    private static float Ink(float pixel, ImagePolarity polarity, float noise)
    {
        float ink = polarity == ImagePolarity.LightOnDark ? pixel : MaxPixel - pixel;
        return ink > noise ? ink : 0;
    }

    private static bool NormalizeInk(ReadOnlySpan<float> ink, int width, int height, Span<float> digit)
    {
        digit.Clear();
        ForegroundBox box = ForegroundBox.BoundsOf(ink, width, height);
        if (box.IsEmpty)
        {
            return false;
        }

        Span<double> scaled = stackalloc double[BoxSide * BoxSide];
        box.Scale(ink, width, scaled);
        Centre(scaled, digit);
        return true;
    }

    /// <summary>Moves the box by whole pixels, so that its centre of mass is as near as possible to the middle of pixel 14.</summary>
    private static void Centre(ReadOnlySpan<double> box, Span<float> digit)
    {
        double mass = 0, massX = 0, massY = 0;
        for (int i = 0; i < box.Length; i++)
        {
            mass += box[i];
            massX += box[i] * (i % BoxSide);
            massY += box[i] * (i / BoxSide);
        }

        int left = Shift(massX / mass), top = Shift(massY / mass);
        for (int y = Math.Max(0, -top); y < BoxSide && y + top < Side; y++)
        {
            for (int x = Math.Max(0, -left); x < BoxSide && x + left < Side; x++)
            {
                // Because of rounding, the sum of the parts of 255 may be slightly above 255.
                digit[((y + top) * Side) + x + left] = (float)Math.Min(box[(y * BoxSide) + x], MaxPixel);
            }
        }
    }

    // A centre halfway between two pixels is rounded to the lower one, as in the three images of MNIST with such a centre.
    private static int Shift(double centre) => (int)Math.Ceiling((Side / 2) - centre - 0.5);

    private static void CheckShape(int pixels, int width, int height, ImagePolarity ink, int digit, float noise)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        if (ink is not (ImagePolarity.LightOnDark or ImagePolarity.DarkOnLight))
        {
            throw new ArgumentOutOfRangeException(nameof(ink), ink, "ink must be LightOnDark or DarkOnLight.");
        }

        if (!(noise is >= 0 and < MaxPixel))                                         // the negation also catches NaN
        {
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "noise must be a number from 0 to below 255.");
        }

        if (pixels != (long)width * height)
        {
            throw new ArgumentException(
                $"pixels has {pixels} values; width × height = {(long)width * height} are expected.", nameof(pixels));
        }

        if (digit != PixelCount)
        {
            throw new ArgumentException($"digit has room for {digit} values; 28 × 28 = {PixelCount} are expected.", nameof(digit));
        }
    }
}

/// <summary>The smallest rectangle around all ink of an image, with the scaling to 20 pixels.</summary>
internal readonly record struct ForegroundBox(int Left, int Top, int Width, int Height)
{
    public bool IsEmpty => Width == 0;

    /// <param name="ink">Row-major <c>[height, width]</c>; 0 is background.</param>
    public static ForegroundBox BoundsOf(ReadOnlySpan<float> ink, int width, int height)
    {
        int left = width, right = -1, top = -1, bottom = -1;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> row = ink.Slice(y * width, width);
            int first = row.IndexOfAnyExcept(0f);
            if (first < 0)
            {
                continue;
            }

            left = Math.Min(left, first);
            right = Math.Max(right, row.LastIndexOfAnyExcept(0f));
            top = top < 0 ? y : top;
            bottom = y;
        }

        return top < 0 ? default : new ForegroundBox(left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>Resamples the rectangle by area, so that its longer side is 20 pixels long.</summary>
    /// <param name="ink">The image, with <paramref name="stride"/> values in each row.</param>
    /// <param name="box"><c>[20, 20]</c>, initially all 0; the shorter side uses the first rows or columns only.</param>
    public void Scale(ReadOnlySpan<float> ink, int stride, Span<double> box)
    {
        int longer = Math.Max(Width, Height);
        Axis across = Axis.Of(Width, longer), down = Axis.Of(Height, longer);
        Span<double> line = stackalloc double[MnistImage.BoxSide];
        for (int y = 0; y < Height; y++)
        {
            line.Clear();
            for (int x = 0; x < Width; x++)
            {
                float value = ink[((Top + y) * stride) + Left + x];
                if (value != 0)
                {
                    (int first, int end) = across.Pixels(x);
                    for (int i = first; i < end; i++)
                    {
                        line[i] += value * across.Coverage(x, i);
                    }
                }
            }

            (int firstRow, int endRow) = down.Pixels(y);
            for (int j = firstRow; j < endRow; j++)
            {
                double coverage = down.Coverage(y, j);
                for (int i = 0; i < across.PixelCount; i++)
                {
                    box[(j * MnistImage.BoxSide) + i] += coverage * line[i];
                }
            }
        }
    }

    /// <summary>
    /// One direction: <paramref name="Count"/> pixels are scaled to a length of <paramref name="Length"/>, centred within
    /// <paramref name="PixelCount"/> whole pixels.
    /// </summary>
    private readonly record struct Axis(int Count, double Length, int PixelCount)
    {
        public static Axis Of(int count, int longer)
        {
            // The minimum is one pixel, since a thinner line would become too faint.
            double length = Math.Max(1, (double)MnistImage.BoxSide * count / longer);
            return new Axis(count, length, (int)Math.Ceiling(length));
        }

        private double Start => (PixelCount - Length) / 2;

        /// <summary>Gets the pixels of the result that pixel <paramref name="n"/> covers at least partly.</summary>
        public (int First, int End) Pixels(int n) => ((int)Edge(n), Math.Min((int)Math.Ceiling(Edge(n + 1)), PixelCount));

        /// <summary>
        /// Gets the fraction of pixel <paramref name="i"/> of the result that pixel <paramref name="n"/> covers, 0 to 1.
        /// </summary>
        public double Coverage(int n, int i) => Math.Max(0, Math.Min(Edge(n + 1), i + 1) - Math.Max(Edge(n), i));

        private double Edge(int n) => Start + (n * Length / Count);
    }
}
