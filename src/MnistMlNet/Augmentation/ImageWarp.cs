using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MnistMlNet.Augmentations;

/// <summary>Takes each pixel of an image from a place between pixels of another.</summary>
/// <remarks>
/// Places are in coordinates of the source with a border of zeros around it: pixel (x, y) stands at (x + 1, y + 1). Places beyond
/// are brought onto the border, so no lookup needs a condition. <c>[H, stride]</c> fields have strides that are multiples of 16.
/// </remarks>
internal static class ImageWarp
{
    /// <summary>
    /// Pixels that a row, and a column, of the bordered image has more: one before, two after, since the last place reads one beyond
    /// itself.
    /// </summary>
    public const int Border = 3;

    /// <summary>Copies an image into its border.</summary>
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

    /// <summary>The places of an affine map.</summary>
    /// <param name="x"><c>[H, stride]</c>, overwritten.</param>
    /// <param name="y"><c>[H, stride]</c>, overwritten.</param>
    public static void FillPlaces(in AffineMap map, int width, int height, int stride, Span<float> x, Span<float> y)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            FillPlacesByVector(map, width, height, stride, x, y);
        }
        else
        {
            FillPlacesByScalar(map, width, height, stride, x, y);
        }
    }

    /// <summary>The specification.</summary>
    internal static void FillPlacesByScalar(in AffineMap map, int width, int height, int stride, Span<float> x, Span<float> y)
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

    /// <summary>The same in vectors, to the bit: nothing is fused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void FillPlacesByVector(in AffineMap map, int width, int height, int stride, Span<float> x, Span<float> y)
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

    /// <summary>Looks the pixels up, by bilinear interpolation; beyond the image there are zeros.</summary>
    /// <param name="bordered">From <see cref="AddBorder"/>.</param>
    /// <param name="x">Finite places, <c>[H, stride]</c>; overwritten.</param>
    /// <param name="y">Finite places, <c>[H, stride]</c>; overwritten.</param>
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

    /// <summary>The specification.</summary>
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
                float shareX = atX - left, shareY = atY - above;
                ReadOnlySpan<float> pixels = bordered[(above * borderedWidth + left)..];
                float upper = pixels[0] + shareX * (pixels[1] - pixels[0]);
                float lower = pixels[borderedWidth] + shareX * (pixels[borderedWidth + 1] - pixels[borderedWidth]);
                destination[row * width + column] = upper + shareY * (lower - upper);
            }
        }
    }

    /// <summary>
    /// The same to the bit: places and shares in vectors, then lookups one by one, which take less time than gathering instructions.
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
                // Within the bordered image, whatever the places were: they have been brought onto its border.
                ref float upper = ref Unsafe.Add(ref pixels, (nint)Unsafe.Add(ref index, i));
                ref float lower = ref Unsafe.Add(ref upper, borderedWidth);
                float shareX = Unsafe.Add(ref atX, i);
                float above = upper + shareX * (Unsafe.Add(ref upper, 1) - upper);
                float below = lower + shareX * (Unsafe.Add(ref lower, 1) - lower);
                to = above + Unsafe.Add(ref atY, i) * (below - above);
                to = ref Unsafe.Add(ref to, 1);
            }
        }
    }
}

/// <summary>Where in the source each pixel of an image comes from: <c>x' = Xx · (x - x₀) + Xy · (y - y₀) + cx</c>, and y' alike.</summary>
/// <remarks>
/// x counts to the right and y down, from the centre of the first pixel; c is the centre of the image, and (x₀, y₀) where it moves to.
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

    /// <summary>Gets how far the image moves to the right.</summary>
    public float ShiftX { get; }

    /// <summary>Gets how far the image moves down.</summary>
    public float ShiftY { get; }

    /// <summary>The inverse of: scale, then shear by x += k · y, then turn clockwise, all about the centre, then shift.</summary>
    /// <param name="rotation">In degrees, clockwise.</param>
    /// <param name="scaleX">Above 1 the image becomes wider.</param>
    /// <param name="scaleY">Above 1 the image becomes higher.</param>
    /// <param name="shear">k.</param>
    public static AffineMap Inverse(float shiftX, float shiftY, float rotation, float scaleX, float scaleY, float shear)
    {
        (double sin, double cos) = Math.SinCos(rotation * (Math.PI / 180));
        return new AffineMap(
            (float)((cos + shear * sin) / scaleX), (float)((sin - shear * cos) / scaleX),
            (float)(-sin / scaleY), (float)(cos / scaleY), shiftX, shiftY);
    }
}
