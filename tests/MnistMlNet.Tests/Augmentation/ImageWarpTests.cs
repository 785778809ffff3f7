using MnistMlNet.Augmentations;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tests.Augmentations;

/// <summary>
/// Examples on images of three by three pixels, calculated by hand, and the vector forms against their scalar reference implementation.
/// </summary>
[Trait("Category", "HardwareTier")]
public class ImageWarpTests
{
    private static readonly float[] s_image = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    [Fact]
    public void Shifts_by_whole_pixels_move_the_image_and_bring_in_zeros()
    {
        Assert.Equal([0, 0, 1, 0, 0, 4, 0, 0, 7], Warp(s_image, shiftX: 2));
        Assert.Equal([4, 5, 6, 7, 8, 9, 0, 0, 0], Warp(s_image, shiftY: -1));
        Assert.Equal([0, 0, 0, 2, 3, 0, 5, 6, 0], Warp(s_image, shiftX: -1, shiftY: 1));
        Assert.Equal(new float[9], Warp(s_image, shiftX: 3));
        Assert.Equal(new float[9], Warp(s_image, shiftY: -400));
    }

    [Fact]
    public void A_shift_by_a_part_of_a_pixel_mixes_neighbours()
    {
        // Half a pixel to the right: each is the mean of itself and its left neighbour, which is 0 at the edge.
        Assert.Equal([0.5f, 1.5f, 2.5f, 2, 4.5f, 5.5f, 3.5f, 7.5f, 8.5f], Warp(s_image, shiftX: 0.5f));

        // A quarter down: ¾ of the pixel itself, ¼ of the one above.
        Assert.Equal([0.75f, 1.5f, 2.25f, 3.25f, 4.25f, 5.25f, 6.25f, 7.25f, 8.25f], Warp(s_image, shiftY: 0.25f));
    }

    [Fact]
    public void A_quarter_turn_is_clockwise_and_a_half_turn_reverses()
    {
        AssertClose([7, 4, 1, 8, 5, 2, 9, 6, 3], Warp(s_image, rotation: 90));
        AssertClose([3, 6, 9, 2, 5, 8, 1, 4, 7], Warp(s_image, rotation: -90));
        AssertClose([9, 8, 7, 6, 5, 4, 3, 2, 1], Warp(s_image, rotation: 180));
    }

    [Fact]
    public void Scale_widens_about_the_centre_and_shear_slants()
    {
        // Twice as wide: the outer columns come from half a pixel left and right of the centre.
        Assert.Equal([1.5f, 2, 2.5f, 4.5f, 5, 5.5f, 7.5f, 8, 8.5f], Warp(s_image, scaleX: 2));
        Assert.Equal([2.5f, 3.5f, 4.5f, 4, 5, 6, 5.5f, 6.5f, 7.5f], Warp(s_image, scaleY: 2));

        // Half as high: the outer rows come from two pixels above and below the centre, which is outside the image.
        Assert.Equal([0, 0, 0, 4, 5, 6, 0, 0, 0], Warp(s_image, scaleY: 0.5f));

        // x' = x + y, from the centre: the upper row moves one to the left, the lower one to the right.
        Assert.Equal([2, 3, 0, 4, 5, 6, 0, 7, 8], Warp(s_image, shear: 1));
    }

    [Fact]
    public void Scale_comes_before_shear_and_shear_before_rotation()
    {
        // The pixel at (1, 0) from the centre: twice as wide (2, 0), sheared the same, rotated (0, 2): outside 3 × 3. The one at (½, 0),
        // the mean of 5 and 6, moves to (0, 1).
        Assert.Equal(5.5, Warp(s_image, scaleX: 2, rotation: 90)[7], 1e-5);

        // (0, 1) sheared (1, 1), rotated (-1, 1): the 8 moves to the lower left.
        Assert.Equal(8, Warp(s_image, shear: 1, rotation: 90)[6], 1e-5);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(16, 2)]
    [InlineData(28, 28)]
    [InlineData(33, 40)]
    public void Vector_forms_give_the_bits_of_the_scalar_form(int width, int height)
    {
        var random = new Random(6);
        int stride = AlignedArray.Pad(width), length = height * stride;
        foreach (float strength in (float[])[0, 0.3f, 1, 20])
        {
            float Draw() => (2 * random.NextSingle() - 1) * strength;
            AffineMap map = AffineMap.Inverse(Draw(), Draw(), 30 * Draw(), 1 + 0.04f * Draw(), 1 + 0.04f * Draw(), Draw());
            float[] x = new float[length], y = new float[length], xs = new float[length], ys = new float[length];
            ImageWarp.FillCoordinatesByScalar(map, width, height, stride, xs, ys);
            ImageWarp.FillCoordinatesByVector(map, width, height, stride, x, y);
            Check.SameBits(xs, x, "x");
            Check.SameBits(ys, y, "y");

            float[] image = SampleNumbers.Floats(random, width * height), bordered = new float[(width + 3) * (height + 3)];
            float[] scalar = new float[image.Length], vector = new float[image.Length];
            ImageWarp.AddBorder(image, width, height, bordered);
            ImageWarp.SampleByScalar(bordered, width, height, stride, xs, ys, scalar);
            ImageWarp.SampleByVector(bordered, width, height, stride, x, y, new float[length], vector);
            Check.SameBits(scalar, vector, $"pixels, strength {strength}");
        }
    }

    private static float[] Warp(float[] image, float shiftX = 0, float shiftY = 0, float rotation = 0, float scaleX = 1, float scaleY = 1,
        float shear = 0)
    {
        var augmentation = new ImageAugmentation(3, 3) { ElasticAlpha = 0 };
        float[] destination = [.. Enumerable.Repeat(float.NaN, 9)],
            scratch = [.. Enumerable.Repeat(float.NaN, augmentation.GetScratchLength(9))];
        augmentation.Warp(AffineMap.Inverse(shiftX, shiftY, rotation, scaleX, scaleY, shear), image, destination, scratch,
            new AugmentationRandom(1));
        return destination;
    }

    // The cosine of 90° converted to radians isn't exactly 0, and so a position is off by some 1e-7 pixels.
    private static void AssertClose(double[] expected, float[] actual) => Check.Close(expected, actual, 1e-5, "pixels");
}
