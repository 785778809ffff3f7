namespace MnistMlNet.Mnist;

/// <summary>Images and their labels in memory, one byte a pixel; never changed after it is made.</summary>
internal sealed class DigitSet
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    /// <summary>Takes ownership of both arrays.</summary>
    /// <param name="pixels"><c>[count, rows, columns]</c>, 0 (background) to 255 (ink).</param>
    /// <param name="labels"><c>[count]</c>, 0 to 9.</param>
    /// <param name="rows">Rows of one image.</param>
    /// <param name="columns">Columns of one image.</param>
    public DigitSet(byte[] pixels, byte[] labels, int rows, int columns)
    {
        if (pixels.LongLength != (long)labels.Length * rows * columns)
        {
            throw new ArgumentException($"There are {pixels.Length} pixels; {labels.Length} images of {rows} x {columns} need {(long)labels.Length * rows * columns}.", nameof(pixels));
        }

        _pixels = pixels;
        _labels = labels;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Number of images.</summary>
    public int Count => _labels.Length;

    /// <summary>Rows of one image.</summary>
    public int Rows { get; }

    /// <summary>Columns of one image.</summary>
    public int Columns { get; }

    /// <summary>Pixels of one image.</summary>
    public int PixelCount => Rows * Columns;

    /// <summary>The pixels of image <paramref name="index"/>, row by row.</summary>
    public ReadOnlySpan<byte> Pixels(int index) => _pixels.AsSpan(index * PixelCount, PixelCount);

    /// <summary>The digit that image <paramref name="index"/> shows.</summary>
    public int Label(int index) => _labels[index];
}
