using System.Globalization;
using MnistMlNet.Augmentations;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet;

/// <summary>Shifts, rotates, scales, shears and elastically distorts grey images, at random.</summary>
/// <remarks>
/// <para>A row holds an image of <see cref="Width"/> × <see cref="Height"/> pixels, row by row from the top left, with 0 for the
/// background, as in MNIST. The value of pixel p of the new image is that of the old image at <c>q = c + M⁻¹ · (p - c - t) + d(p)</c>, by
/// one bilinear interpolation; outside the old image, values are 0. c is the centre, t the shift,
/// <c>M = rotation · shear · scale</c>.</para>
/// <para>d is the elastic distortion of Simard, Steinkraus and Platt ("Best practices for convolutional neural networks applied to visual
/// document analysis", ICDAR 2003): for each axis a field of independent uniform numbers from -1 to 1, smoothed by a Gaussian of σ =
/// <see cref="ElasticSigma"/>, multiplied by α = <see cref="ElasticAlpha"/>. Its standard deviation is <c>α / (2σ √(3π))</c> pixels for
/// each axis, 1.4 for α = 34 and σ = 4. Published settings for MNIST: Simard et al. use α = 34, σ = 4; Cireşan, Meier, Gambardella and
/// Schmidhuber ("Deep, big, simple neural nets", 2010, arXiv:1003.0358) use α 36 to 38, σ 5 to 6, scale 0.8 to 1.2, rotation or shear of
/// 15°.</para>
/// <para>The defaults suit handwritten digits of 28 × 28 pixels, and combine all of these distortions. For images of another size, change
/// <see cref="Shift"/> and <see cref="ElasticSigma"/> in proportion to the size, and <see cref="ElasticAlpha"/> in proportion to its
/// square. <see cref="Augmentation.Affine"/> makes only the affine part, <see cref="Augmentation.Elastic"/> only the elastic part.</para>
/// <para>All pixels should have one common scale: keep values from 0 to 255 (the trainer then divides all pixels by one number) or divide
/// them by 255. A normalizer with a separate scale for each pixel, such as NormalizeMinMax, makes a shifted stroke brighter or
/// darker.</para>
/// </remarks>
public sealed class ImageAugmentation : IAugmentation
{
    /// <summary>The maximum number of pixels of one side.</summary>
    internal const int MaxSide = 4096;

    private readonly IKernels _kernels;
    private ElasticSmoothing? _smoothing;

    /// <summary>Makes the augmentation; set its properties in an initializer.</summary>
    /// <param name="width">The number of pixels of a row of the image, 1 to 4096.</param>
    /// <param name="height">The number of rows of the image, 1 to 4096. The feature column must have width × height features.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ImageAugmentation(int width, int height)
        : this(width, height, KernelSelector.Best)
    {
    }

    internal ImageAugmentation(int width, int height, IKernels kernels)
    {
        Ranges.Check(width is >= 1 and <= MaxSide, width, nameof(width), $"1 to {MaxSide}");
        Ranges.Check(height is >= 1 and <= MaxSide, height, nameof(height), $"1 to {MaxSide}");
        Width = width;
        Height = height;
        _kernels = kernels;
    }

    /// <summary>Gets the number of pixels of a row of the image.</summary>
    public int Width { get; }

    /// <summary>Gets the number of rows of the image.</summary>
    public int Height { get; }

    /// <summary>Gets the largest shift s along each axis, in pixels; the shift is uniform from -s to s.</summary>
    /// <value>0 to 4096. The default is 1.</value>
    public float Shift
    {
        get;
        init => field = Checked(value, 0, MaxSide, nameof(Shift));
    }
    = Defaults.Shift;

    /// <summary>Gets the largest rotation r about the centre, in degrees; the angle is uniform from -r to r.</summary>
    /// <value>0 to 180. The default is 10.</value>
    public float Rotation
    {
        get;
        init => field = Checked(value, 0, 180, nameof(Rotation));
    }
    = Defaults.Rotation;

    /// <summary>
    /// Gets the smallest scale. Width and height are scaled independently, each by a factor that is uniform from
    /// <see cref="MinScale"/> to <see cref="MaxScale"/>.
    /// </summary>
    /// <value>0.01 to 100, and no more than <see cref="MaxScale"/>. The default is 0.85. Below 1 the image shrinks.</value>
    public float MinScale
    {
        get;
        init => field = Checked(value, 0.01f, 100, nameof(MinScale));
    }
    = Defaults.MinScale;

    /// <summary>Gets the largest scale.</summary>
    /// <value>0.01 to 100, and no less than <see cref="MinScale"/>. The default is 1.15.</value>
    public float MaxScale
    {
        get;
        init => field = Checked(value, 0.01f, 100, nameof(MaxScale));
    }
    = Defaults.MaxScale;

    /// <summary>Gets the largest shear s: <c>x' = x + k · y</c> with k uniform from -s to s.</summary>
    /// <value>0 to 10. The default is 0.15, about 9°.</value>
    public float Shear
    {
        get;
        init => field = Checked(value, 0, 10, nameof(Shear));
    }
    = Defaults.Shear;

    /// <summary>Gets α, the strength of the elastic distortion.</summary>
    /// <value>0, which turns it off, to 1,000,000. The default is 37.</value>
    public float ElasticAlpha
    {
        get;
        init => field = Checked(value, 0, 1e6f, nameof(ElasticAlpha));
    }
    = Defaults.ElasticAlpha;

    /// <summary>
    /// Gets σ, the standard deviation in pixels of the Gaussian that smooths the elastic distortion. A small σ distorts each part of the
    /// image differently; a large σ bends and moves the whole image.
    /// </summary>
    /// <value>0.1 to 4096. The default is 6. Without effect where <see cref="ElasticAlpha"/> is 0.</value>
    public float ElasticSigma
    {
        get;
        init => field = Checked(value, 0.1f, MaxSide, nameof(ElasticSigma));
    }
    = Defaults.ElasticSigma;

    /// <inheritdoc/>
    public bool MixesFeatures => true;

    private int Stride => AlignedArray.Pad(Width);

    /// <summary>
    /// Gets the smoothing. It is created at its first use, when all properties are set; two threads may create it at the same time, with
    /// the same result.
    /// </summary>
    private ElasticSmoothing Smoothing =>
        Volatile.Read(ref _smoothing) ?? (_smoothing = new ElasticSmoothing(Width, Height, ElasticAlpha, ElasticSigma));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The number of features isn't width × height, or <see cref="MinScale"/> is above
    /// <see cref="MaxScale"/>.</exception>
    public void CheckInputCount(int inputCount)
    {
        if (inputCount != (long)Width * Height)
        {
            throw new ArgumentException(
                $"{nameof(ImageAugmentation)} is for images of {Width} × {Height} = {(long)Width * Height} features; the rows have "
                    + $"{inputCount}.", nameof(inputCount));
        }

        if (MinScale > MaxScale)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"{nameof(MinScale)} is {MinScale}; it must be no more than {nameof(MaxScale)}, which is "
                    + $"{MaxScale}."));
        }
    }

    /// <inheritdoc/>
    public int GetScratchLength(int inputCount) => checked(5 * Height * Stride + (Height + ImageWarp.Border) * (Width + ImageWarp.Border));

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        CheckInputCount(source.Length);
        AffineMap map = AffineMap.Inverse(
            random.NextSingle(-Shift, Shift), random.NextSingle(-Shift, Shift), random.NextSingle(-Rotation, Rotation),
            random.NextSingle(MinScale, MaxScale), random.NextSingle(MinScale, MaxScale), random.NextSingle(-Shear, Shear));
        Warp(map, source, destination, scratch, random);
    }

    /// <summary>Lists the settings. The training history and checkpoints store this text.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"ImageAugmentation({Width} × {Height}, Shift {Shift}, Rotation {Rotation}, scale {MinScale} to {MaxScale}, Shear {Shear}, "
            + $"ElasticAlpha {ElasticAlpha}, ElasticSigma {ElasticSigma})");

    /// <summary>Applies a given affine map and a random elastic distortion.</summary>
    internal void Warp(in AffineMap map, ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch,
        AugmentationRandom random)
    {
        int length = Height * Stride;
        Span<float> x = scratch[..length], y = scratch.Slice(length, length), buffer = scratch.Slice(2 * length, length);
        ImageWarp.FillCoordinates(map, Width, Height, Stride, x, y);
        if (ElasticAlpha > 0)
        {
            Span<float> noise = scratch.Slice(3 * length, 2 * length);
            random.FillUniform(noise, -1, 1);
            Smoothing.AddTo(_kernels, noise[..length], buffer, x);
            Smoothing.AddTo(_kernels, noise[length..], buffer, y);
        }

        Span<float> bordered = scratch.Slice(5 * length, (Height + ImageWarp.Border) * (Width + ImageWarp.Border));
        ImageWarp.AddBorder(source, Width, Height, bordered);
        ImageWarp.Sample(bordered, Width, Height, Stride, x, y, buffer, destination[..source.Length]);
    }

    private static float Checked(float value, float min, float max, string name)
    {
        Ranges.Check(value >= min && value <= max, value, name, string.Create(CultureInfo.InvariantCulture, $"{min} to {max}"));
        return value;
    }

    internal static class Defaults
    {
        public const float Shift = 1;
        public const float Rotation = 10;
        public const float MinScale = 0.85f;
        public const float MaxScale = 1.15f;
        public const float Shear = 0.15f;
        public const float ElasticAlpha = 37;
        public const float ElasticSigma = 6;
    }
}
