using MnistMlNet.Serialization;

namespace Microsoft.ML;

/// <summary>Adds to <see cref="MLContext.Model"/> what ML.NET's own catalog lacks.</summary>
public static class ModelOperationsCatalogExtensions
{
    /// <summary>Saves a model so that <paramref name="filePath"/> never holds a part of one.</summary>
    /// <param name="catalog">The <see cref="MLContext.Model"/> of a context.</param>
    /// <param name="model">The fitted transformer or chain of transformers.</param>
    /// <param name="inputSchema">Schema of the data that the model takes, or <see langword="null"/> to save none.</param>
    /// <param name="filePath">The file to make or replace; its folder must exist.</param>
    /// <remarks>
    /// The content is the same as that of <see cref="ModelOperationsCatalog.Save(ITransformer, DataViewSchema, string)"/> and is loaded the same way. It is
    /// written to a temporary file in the same folder, flushed to the disk and renamed; if anything fails, the temporary file is removed and
    /// what <paramref name="filePath"/> held before is untouched.
    /// </remarks>
    /// <exception cref="System.ArgumentNullException"><paramref name="catalog"/>, <paramref name="model"/> or <paramref name="filePath"/> is <see langword="null"/>.</exception>
    /// <exception cref="System.IO.DirectoryNotFoundException">The folder of <paramref name="filePath"/> doesn't exist.</exception>
    /// <exception cref="System.IO.IOException">The file can't be written; the message names <paramref name="filePath"/>.</exception>
    public static void SaveAtomic(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        AtomicFile.Write(filePath, stream => catalog.Save(model, inputSchema, stream));
    }
}
