namespace MnistMlNet.Augmentations;

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
