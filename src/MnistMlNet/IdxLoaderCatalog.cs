using MnistMlNet.Mnist;

namespace Microsoft.ML;

/// <summary>Extension methods of <see cref="DataOperationsCatalog"/> for IDX files.</summary>
public static class IdxLoaderCatalog
{
    /// <summary>
    /// Loads images and their labels from a pair of IDX files, the format in which MNIST and similar data sets are published.
    /// </summary>
    /// <param name="catalog">The <see cref="MLContext.Data"/> of a context.</param>
    /// <param name="imagesPath">The file of images (magic 2051), raw or gzip; the content decides which, not the file's name.</param>
    /// <param name="labelsPath">The file of labels (magic 2049), raw or gzip, with as many labels as there are images; each 0 to 9.</param>
    /// <returns>
    /// A view with two columns: <c>Label</c>, the text <c>"0"</c> to <c>"9"</c>, and <c>Features</c>, a vector of <c>rows · columns</c>
    /// <see cref="float"/> from 0 (background) to 255 (ink), row by row; 784 for MNIST. A vector is sparse unless more than half of its
    /// pixels are non-zero.
    /// </returns>
    /// <remarks>
    /// This call reads and checks both files completely and keeps them in memory, with a bit for each pixel and a byte for each pixel that
    /// isn't background (17 MB for MNIST's training set). Later passes don't read the disk, and no <c>Cache</c> is needed. A file may have
    /// up to 10,000,000 images of up to 256 × 256 pixels, 2 GB in total. The view knows its row count, supports shuffling, and provides
    /// cursors that read different rows in parallel.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="System.IO.FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="System.IO.IOException">A path leads to a folder, a FIFO or a device; the message names it.</exception>
    /// <exception cref="System.IO.InvalidDataException">
    /// A file isn't IDX, is truncated, has bytes after its last value, has a label above 9 or a number out of range, or the two counts
    /// differ. The message names the file, the offset in its uncompressed content, the value found and the value expected.
    /// </exception>
    public static IDataView LoadFromIdx(this DataOperationsCatalog catalog, string imagesPath, string labelsPath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(imagesPath);
        ArgumentNullException.ThrowIfNull(labelsPath);
        return new IdxDataView(IdxReader.Read(imagesPath, labelsPath));
    }
}
