using MnistMlNet.Primitives;

namespace MnistMlNet.Mnist;

/// <summary>Reads IDX files, the format in which MNIST and similar data sets are published.</summary>
/// <remarks>
/// All numbers are big-endian. Images: magic 2051, count, rows, columns, then one byte for each pixel. Labels: magic 2049, count, then one
/// byte for each label. Every number is checked against <see cref="IdxLimits"/> before memory is allocated for it.
/// </remarks>
internal static class IdxReader
{
    /// <summary>The approximate size of the parts in which images are read.</summary>
    private const int PartBytes = 1 << 16;

    /// <summary>Reads a file of images and the file of their labels.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">The content of a file is invalid; the message names the file, the offset, the value found and
    /// the value expected.</exception>
    public static DigitSet Read(string imagesPath, string labelsPath)
    {
        using IdxStream labelsFile = IdxStream.Open(labelsPath);
        using IdxStream imagesFile = IdxStream.Open(imagesPath);

        labelsFile.ReadMagic(IdxLimits.LabelsMagic, "IDX labels");
        imagesFile.ReadMagic(IdxLimits.ImagesMagic, "IDX images");
        int labelCount = labelsFile.ReadInt32("the number of labels", 0, IdxLimits.MaxCount);
        int imageCount = imagesFile.ReadInt32("the number of images", 0, IdxLimits.MaxCount);
        if (imageCount != labelCount)
        {
            throw imagesFile.Failure(sizeof(int), $"the number of images is {imageCount}; '{Shown.Long(labelsPath)}' has {labelCount} "
                + $"labels at byte 4, and the two must be equal");
        }

        int rows = imagesFile.ReadInt32("the number of rows", 1, IdxLimits.MaxSide);
        int columns = imagesFile.ReadInt32("the number of columns", 1, IdxLimits.MaxSide);
        long pixelCount = (long)imageCount * rows * columns;
        if (pixelCount > IdxLimits.MaxPixels)
        {
            throw imagesFile.Failure(sizeof(int), $"{imageCount} images of {rows} x {columns} have {pixelCount} pixels; there must be at "
                + $"most {IdxLimits.MaxPixels}");
        }

        byte[] labels = ReadLabels(labelsFile, labelCount);
        DigitSet digits = new(labels, rows, columns);
        byte[] images = new byte[Math.Max(1, PartBytes / digits.PixelCount) * digits.PixelCount];
        imagesFile.BeginBody(pixelCount, "pixels");
        for (long left = pixelCount; left > 0;)
        {
            Span<byte> part = images.AsSpan(0, (int)Math.Min(images.Length, left));
            imagesFile.ReadPart(part);
            left -= part.Length;
            for (; part.Length > 0; part = part[digits.PixelCount..])
            {
                digits.Add(part[..digits.PixelCount]);
            }
        }

        imagesFile.EndBody();
        return digits;
    }

    private static byte[] ReadLabels(IdxStream file, int count)
    {
        file.BeginBody(count, "labels");
        byte[] labels = new byte[count];
        file.ReadPart(labels);
        file.EndBody();
        int bad = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(IdxLimits.DigitCount - 1));
        return bad < 0
            ? labels
            : throw file.Failure((2 * sizeof(int)) + bad, $"label {bad} is {labels[bad]}; a label must be 0 to {IdxLimits.DigitCount - 1}");
    }
}
