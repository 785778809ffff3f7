using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MnistMlNet.Augmentations;

/// <summary>Resamples an image at given coordinates.</summary>
/// <remarks>
/// Coordinates refer to the source image with a border of zeros: pixel (x, y) has the coordinates (x + 1, y + 1). Coordinates outside are
/// clamped to the border, so no lookup needs a condition. <c>[H, stride]</c> fields have strides that are multiples of 16.
/// </remarks>
internal static class ImageWarp
{
    /// <summary>
    /// The number of additional pixels of each row and column of the bordered image: one before and two after, since the interpolation at
    /// the last coordinate also reads the next pixel.
    /// </summary>
    public const int Border = 3;

    /// <summary>Copies an image and adds the border of zeros.</summary>
    /// <param name="bordered"><c>[H + 3, W + 3]</c>.</param>
    public static void AddBorder(ReadOnlySpan<float> image, int width, int height, Span<float> bordered)
    {
        int stride = width + Border;
        bordered.Clear();
        for (int row = 0; row < height; row++)
        {
            image.Slice(row * width, width).CopyTo(bordered[((row + 1) * stride + 1)..]);
        }
    }

    /// <summary>Computes the coordinates of all pixels by an affine map.</summary>
    /// <param name="x"><c>[H, stride]</c>, overwritten.</param>
    /// <param name="y"><c>[H, stride]</c>, overwritten.</param>
    public static void FillCoordinates(in AffineMap map, int width, int height, int stride, Span<float> x, Span<float> y)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            FillCoordinatesByVector(map, width, height, stride, x, y);
        }
        else
        {
            FillCoordinatesByScalar(map, width, height, stride, x, y);
        }
    }

    /// <summary>The reference implementation.</summary>
    internal static void FillCoordinatesByScalar(in AffineMap map, int width, int height, int stride, Span<float> x, Span<float> y)
    {
        float centreX = (width - 1) * 0.5f, centreY = (height - 1) * 0.5f;
        float originX = centreX + map.ShiftX, originY = centreY + map.ShiftY;
        for (int row = 0; row < height; row++)
        {
            float rowX = map.Xy * (row - originY) + (centreX + 1), rowY = map.Yy * (row - originY) + (centreY + 1);
            for (int column = 0; column < stride; column++)
            {
                x[row * stride + column] = map.Xx * (column - originX) + rowX;
                y[row * stride + column] = map.Yx * (column - originX) + rowY;
            }
        }
    }

    /// <summary>The vector form, bit-identical to the reference implementation, since it uses no fused multiply-add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void FillCoordinatesByVector(in AffineMap map, int width, int height, int stride, Span<float> x, Span<float> y)
    {
        Debug.Assert(stride % 16 == 0 && x.Length >= height * stride && y.Length >= height * stride, "Fields are too short.");
        float centreX = (width - 1) * 0.5f, centreY = (height - 1) * 0.5f;
        float originY = centreY + map.ShiftY;
        Vector256<float> originX = Vector256.Create(centreX + map.ShiftX), xx = Vector256.Create(map.Xx), yx = Vector256.Create(map.Yx);
        Vector256<float> step = Vector256.Create((float)Vector256<float>.Count);
        ref float toX = ref MemoryMarshal.GetReference(x);
        ref float toY = ref MemoryMarshal.GetReference(y);
        for (int row = 0; row < height; row++)
        {
            Vector256<float> rowX = Vector256.Create(map.Xy * (row - originY) + (centreX + 1)),
                rowY = Vector256.Create(map.Yy * (row - originY) + (centreY + 1));
            Vector256<float> columns = Vector256.ConvertToSingle(Vector256<int>.Indices);
            for (int column = 0; column < stride; column += Vector256<float>.Count)
            {
                nuint at = (nuint)(row * stride + column);
                Vector256<float> distance = columns - originX;
                (xx * distance + rowX).StoreUnsafe(ref toX, at);
                (yx * distance + rowY).StoreUnsafe(ref toY, at);
                columns += step;
            }
        }
    }

    /// <summary>Samples the image at the coordinates by bilinear interpolation; outside the image, values are 0.</summary>
    /// <param name="bordered">The image with its border, from <see cref="AddBorder"/>.</param>
    /// <param name="x">Finite coordinates, <c>[H, stride]</c>; overwritten.</param>
    /// <param name="y">Finite coordinates, <c>[H, stride]</c>; overwritten.</param>
    /// <param name="scratch"><c>[H, stride]</c>, overwritten.</param>
    /// <param name="destination"><c>[H, W]</c>.</param>
    public static void Sample(
        ReadOnlySpan<float> bordered, int width, int height, int stride, Span<float> x, Span<float> y, Span<float> scratch,
        Span<float> destination)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            SampleByVector(bordered, width, height, stride, x, y, scratch, destination);
        }
        else
        {
            SampleByScalar(bordered, width, height, stride, x, y, destination);
        }
    }

    /// <summary>The reference implementation.</summary>
    internal static void SampleByScalar(
        ReadOnlySpan<float> bordered, int width, int height, int stride, ReadOnlySpan<float> x, ReadOnlySpan<float> y,
        Span<float> destination)
    {
        int borderedWidth = width + Border;
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                float atX = Math.Clamp(x[row * stride + column], 0, width + 1), atY = Math.Clamp(y[row * stride + column], 0, height + 1);
                int left = (int)atX, above = (int)atY;
                float fractionX = atX - left, fractionY = atY - above;
                ReadOnlySpan<float> pixels = bordered[(above * borderedWidth + left)..];
                float upper = pixels[0] + fractionX * (pixels[1] - pixels[0]);
                float lower = pixels[borderedWidth] + fractionX * (pixels[borderedWidth + 1] - pixels[borderedWidth]);
                destination[row * width + column] = upper + fractionY * (lower - upper);
            }
        }
    }

    /// <summary>
    /// The vector form, bit-identical to the reference implementation. Indices and fractions are computed in vectors. The lookups are
    /// scalar, which takes less time than gather instructions.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void SampleByVector(
        ReadOnlySpan<float> bordered, int width, int height, int stride, Span<float> x, Span<float> y, Span<float> scratch,
        Span<float> destination)
    {
        int borderedWidth = width + Border, length = height * stride;
        Debug.Assert(bordered.Length >= borderedWidth * (height + Border) && destination.Length >= width * height,
            "An image is too short.");
        Debug.Assert(stride % 16 == 0 && x.Length >= length && y.Length >= length && scratch.Length >= length, "Fields are too short.");
        ref float atX = ref MemoryMarshal.GetReference(x);
        ref float atY = ref MemoryMarshal.GetReference(y);
        ref int index = ref Unsafe.As<float, int>(ref MemoryMarshal.GetReference(scratch));
        Vector256<float> lastX = Vector256.Create((float)(width + 1)), lastY = Vector256.Create((float)(height + 1));
        Vector256<int> rowLength = Vector256.Create(borderedWidth);
        for (nuint i = 0; i < (nuint)length; i += (nuint)Vector256<float>.Count)
        {
            Vector256<float> px = Vector256.MinNative(Vector256.MaxNative(Vector256.LoadUnsafe(ref atX, i), Vector256<float>.Zero), lastX);
            Vector256<float> py = Vector256.MinNative(Vector256.MaxNative(Vector256.LoadUnsafe(ref atY, i), Vector256<float>.Zero), lastY);
            Vector256<int> left = Vector256.ConvertToInt32Native(px), above = Vector256.ConvertToInt32Native(py);
            (px - Vector256.ConvertToSingle(left)).StoreUnsafe(ref atX, i);
            (py - Vector256.ConvertToSingle(above)).StoreUnsafe(ref atY, i);
            (above * rowLength + left).StoreUnsafe(ref index, i);
        }

        ref float pixels = ref MemoryMarshal.GetReference(bordered);
        ref float to = ref MemoryMarshal.GetReference(destination);
        for (int row = 0; row < height; row++)
        {
            for (nint i = (nint)row * stride, end = i + width; i < end; i++)
            {
                // Always within the bordered image, since the coordinates have been clamped to it.
                ref float upper = ref Unsafe.Add(ref pixels, (nint)Unsafe.Add(ref index, i));
                ref float lower = ref Unsafe.Add(ref upper, borderedWidth);
                float fractionX = Unsafe.Add(ref atX, i);
                float above = upper + fractionX * (Unsafe.Add(ref upper, 1) - upper);
                float below = lower + fractionX * (Unsafe.Add(ref lower, 1) - lower);
                to = above + Unsafe.Add(ref atY, i) * (below - above);
                to = ref Unsafe.Add(ref to, 1);
            }
        }
    }
}

/// <summary>
/// The affine map from a pixel (x, y) of the result to the coordinates (x', y') in the source:
/// <c>x' = Xx · (x - x₀) + Xy · (y - y₀) + cx</c>, <c>y' = Yx · (x - x₀) + Yy · (y - y₀) + cy</c>.
/// </summary>
/// <remarks>
/// x increases to the right and y downwards, both from the centre of the first pixel. (cx, cy) is the centre of the image, and (x₀, y₀) the
/// point to which the map moves this centre.
/// </remarks>
internal readonly struct AffineMap
{
    private AffineMap(float xx, float xy, float yx, float yy, float shiftX, float shiftY)
    {
        Xx = xx;
        Xy = xy;
        Yx = yx;
        Yy = yy;
        ShiftX = shiftX;
        ShiftY = shiftY;
    }

    public float Xx { get; }

    public float Xy { get; }

    public float Yx { get; }

    public float Yy { get; }

    /// <summary>Gets the shift to the right, in pixels.</summary>
    public float ShiftX { get; }

    /// <summary>Gets the shift downwards, in pixels.</summary>
    public float ShiftY { get; }

    /// <summary>
    /// Gets the inverse of this map: scale, shear by x += k · y and rotate clockwise, all about the centre, then shift.
    /// </summary>
    /// <param name="rotation">In degrees, clockwise.</param>
    /// <param name="scaleX">Above 1 the image becomes wider.</param>
    /// <param name="scaleY">Above 1 the image becomes higher.</param>
    /// <param name="shear">The shear factor k.</param>
    public static AffineMap Inverse(float shiftX, float shiftY, float rotation, float scaleX, float scaleY, float shear)
    {
        (double sin, double cos) = Math.SinCos(rotation * (Math.PI / 180));
        return new AffineMap(
            (float)((cos + shear * sin) / scaleX), (float)((sin - shear * cos) / scaleX),
            (float)(-sin / scaleY), (float)(cos / scaleY), shiftX, shiftY);
    }
}
