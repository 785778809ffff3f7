using MnistMlNet.Mnist;

namespace Microsoft.ML;

/// <summary>Extension methods of <see cref="DataOperationsCatalog"/> for IDX files.</summary>
public static class IdxLoaderCatalog
{
    /// <summary>Loads images and their labels from a pair of IDX files, the form in which MNIST and its relatives are published.</summary>
    /// <param name="catalog">The <see cref="MLContext.Data"/> of a context.</param>
    /// <param name="imagesPath">File of images (magic 2051), raw or gzip; which of the two is seen from its content.</param>
    /// <param name="labelsPath">File of labels (magic 2049), raw or gzip, with as many labels as there are images; each 0 to 9.</param>
    /// <returns>
    /// A view with two columns: <c>Label</c>, the text <c>"0"</c> to <c>"9"</c>, and <c>Features</c>, a vector of <c>rows · columns</c>
    /// <see cref="float"/> from 0 (background) to 255 (ink), row by row; 784 for MNIST. Vectors are sparse unless more than half of their
    /// pixels are ink.
    /// </returns>
    /// <remarks>
    /// Both files are read and checked whole by this call, and kept in memory with a bit for each pixel and a byte for each that isn't
    /// background (17 MB for MNIST's training set): later passes don't touch the disk, and no <c>Cache</c> is needed. A file may have up to
    /// 10,000,000 images of up to 256 × 256 pixels, 2 GB in all. The view knows its row count, can be shuffled, and gives real parallel
    /// cursors.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="System.IO.FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="System.IO.IOException">A path leads to a folder, a FIFO or a device; the message names it.</exception>
    /// <exception cref="System.IO.InvalidDataException">
    /// A file isn't IDX, is cut short, goes on after its last value, has a label above 9 or a number out of range, or the two counts
    /// differ. The message names the file, the offset in its uncompressed content, the value found and the one wanted.
    /// </exception>
    public static IDataView LoadFromIdx(this DataOperationsCatalog catalog, string imagesPath, string labelsPath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(imagesPath);
        ArgumentNullException.ThrowIfNull(labelsPath);
        return new IdxDataView(IdxReader.Read(imagesPath, labelsPath));
    }
}
