using MnistMlNet.Primitives;
using MnistMlNet.Serialization.Onnx;

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
    /// The content is the same as that of <see cref="ModelOperationsCatalog.Save(ITransformer, DataViewSchema, string)"/> and is loaded the
    /// same way. It is written to a temporary file in the same folder, flushed to the disk and renamed; if anything fails, the temporary
    /// file is removed and what <paramref name="filePath"/> held before is untouched.
    /// </remarks>
    /// <exception cref="System.ArgumentNullException"><paramref name="catalog"/>, <paramref name="model"/> or <paramref name="filePath"/>
    /// is <see langword="null"/>.</exception>
    /// <exception cref="System.IO.DirectoryNotFoundException">The folder of <paramref name="filePath"/> doesn't exist.</exception>
    /// <exception cref="System.IO.IOException">The file can't be written; the message names <paramref name="filePath"/>.</exception>
    public static void SaveAtomic(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        AtomicFile.Write(filePath, stream => catalog.Save(model, inputSchema, stream));
    }

    /// <summary>Saves a chain with a two-layer network in it as an ONNX model (opset 13) that takes any number N of rows at once.</summary>
    /// <param name="catalog">The <see cref="MLContext.Model"/> of a context.</param>
    /// <param name="pipelineModel">The fitted chain, or a <see cref="MnistMlNet.TwoLayerNetworkTransformer"/> alone. Chains within chains
    /// are followed.</param>
    /// <param name="inputSchema">Schema of the data that the chain takes. Columns that the prediction doesn't need, such as the label, may
    /// be missing.</param>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <remarks>
    /// <para><b>What becomes a graph.</b> Affine normalizers of <see cref="float"/> (<c>NormalizeMinMax</c>, <c>NormalizeMeanVariance</c>,
    /// <c>NormalizeRobustScaling</c>, and <c>NormalizeLogMeanVariance</c> where it is affine), <c>Concatenate</c> and <c>CopyColumns</c>
    /// before the network, the network, and <c>MapKeyToValue</c> of its predicted label. <c>SelectColumns</c> and <c>DropColumns</c> are
    /// followed; <c>MapValueToKey</c> and all that the prediction doesn't need is left out. Any other transformer is refused.</para>
    /// <para><b>Inputs</b> are the columns of <paramref name="inputSchema"/> that the network needs, under their own names, float <c>[N,
    /// size]</c>; a scalar column has size 1.</para>
    /// <para><b>Outputs.</b> <c>probabilities</c>, float <c>[N, C]</c>, is the column <c>Score</c>. <c>label</c>, <c>[N]</c>, is the
    /// predicted label: with <c>MapKeyToValue</c> in the chain in the type of the training label, where the same values are given as in
    /// ML.NET; without it the name of the class as a string, or, where the label's keys had no values, the index of the class from 0 as
    /// int64. A row with a feature that isn't finite has NaN for all probabilities, and for a label what ML.NET gives for a missing one
    /// (<c>""</c>, NaN or 0), or -1 for an index.</para>
    /// <para>Nothing is written unless the whole chain can be; an older file is replaced only when the new one is complete.</para>
    /// </remarks>
    /// <exception cref="System.ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="System.ArgumentException"><paramref name="pipelineModel"/> has no two-layer network, or
    /// <paramref name="inputSchema"/> gives it another number of features.</exception>
    /// <exception cref="System.NotSupportedException">
    /// A transformer can't be written; the message gives its type and its position in the chain. Or a column that the network needs is
    /// missing or isn't of <see cref="float"/>, the labels are of a type that ONNX doesn't have (times), or the file would have 2 GiB or
    /// more.
    /// </exception>
    /// <exception cref="System.IO.DirectoryNotFoundException">The folder of <paramref name="path"/> doesn't exist.</exception>
    /// <exception cref="System.IO.IOException">The file can't be written; the message names <paramref name="path"/>.</exception>
    public static void SaveOnnx(this ModelOperationsCatalog catalog, ITransformer pipelineModel, DataViewSchema inputSchema, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(pipelineModel);
        ArgumentNullException.ThrowIfNull(inputSchema);
        ArgumentException.ThrowIfNullOrEmpty(path);
        OnnxChain.Write(pipelineModel, inputSchema, path);
    }
}
