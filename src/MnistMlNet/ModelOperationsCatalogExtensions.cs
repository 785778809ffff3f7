using MnistMlNet.Primitives;
using MnistMlNet.Serialization.Onnx;

namespace Microsoft.ML;

/// <summary>Extension methods of <see cref="MLContext.Model"/> that save models in ways that ML.NET itself doesn't offer.</summary>
public static class ModelOperationsCatalogExtensions
{
    /// <summary>Saves a model atomically: <paramref name="filePath"/> never holds an incomplete model.</summary>
    /// <param name="catalog">The <see cref="MLContext.Model"/> of a context.</param>
    /// <param name="model">The fitted transformer or chain of transformers.</param>
    /// <param name="inputSchema">The schema of the model's input, or <see langword="null"/> to save no schema.</param>
    /// <param name="filePath">The file to create or replace; its folder must exist.</param>
    /// <remarks>
    /// The content is the same as that of <see cref="ModelOperationsCatalog.Save(ITransformer, DataViewSchema, string)"/> and is loaded the
    /// same way. It is written to a temporary file in the same folder, flushed to the disk and renamed. If anything fails, the temporary
    /// file is removed, and an existing file <paramref name="filePath"/> stays unchanged.
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

    /// <summary>Saves a chain with a two-layer network as an ONNX model (opset 13) for batches of any number N of rows.</summary>
    /// <param name="catalog">The <see cref="MLContext.Model"/> of a context.</param>
    /// <param name="pipelineModel">The fitted chain, or the transformer of a two-layer network alone. It may contain
    /// other chains.</param>
    /// <param name="inputSchema">The schema of the chain's input. Columns that the prediction doesn't need, such as the label, may
    /// be missing.</param>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <remarks>
    /// <para><b>Supported transformers</b> before the network: normalizers of every kind (affine, bins, distribution functions, norms of
    /// rows), <c>ReplaceMissingValues</c>, <c>IndicateMissingValues</c>, <c>ConvertType</c>, <c>OneHotEncoding</c> and its parts
    /// (<c>MapValueToKey</c>, <c>MapKeyToVector</c>, <c>MapKeyToBinaryVector</c>, <c>MapKeyToValue</c>), <c>Concatenate</c> and
    /// <c>CopyColumns</c>; after it, <c>MapKeyToValue</c> of its predicted label. <c>SelectColumns</c> and <c>DropColumns</c> are applied.
    /// Every transformer of these kinds that the prediction doesn't need is left out. Any other transformer is refused, such as hashing and
    /// the featurization of text, for which ONNX has no operators.</para>
    /// <para><b>Inputs</b> are the columns of <paramref name="inputSchema"/> that the network needs, under their own names and of their own
    /// types, <c>[N, size]</c>; a scalar column has size 1.</para>
    /// <para><b>Outputs of two classes</b> are <c>score</c> and <c>probability</c>, float <c>[N, 1]</c>, and <c>label</c>, bool
    /// <c>[N, 1]</c>; of a regression <c>score</c>, float <c>[N, K]</c>; of several labels <c>probabilities</c>, float <c>[N, K]</c>, and
    /// <c>labels</c>, bool <c>[N, K]</c>. They are the columns of the transformer.</para>
    /// <para><b>Outputs of many classes.</b> <c>probabilities</c>, float <c>[N, C]</c>, is the column <c>Score</c>. <c>label</c>,
    /// <c>[N]</c>, is the predicted label. With <c>MapKeyToValue</c> in the chain, it has the type of the training label and the same
    /// values as in ML.NET. Without it, it is the name of the class as a string, or, where the label's keys had no values, the index of
    /// the class from 0 as int64. A row with a feature that isn't finite has NaN for all probabilities. Its label is ML.NET's missing
    /// value of that type (<c>""</c>, NaN or 0), or -1 for an index.</para>
    /// <para>Nothing is written unless the whole chain is supported. An existing file is replaced only when the new one is complete.</para>
    /// </remarks>
    /// <exception cref="System.ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="System.ArgumentException"><paramref name="pipelineModel"/> has no two-layer network, or
    /// <paramref name="inputSchema"/> gives it another number of features.</exception>
    /// <exception cref="System.NotSupportedException">
    /// A transformer can't be written; the message gives its type and its position in the chain. Or a column that the network needs is
    /// missing or isn't of the type that a step or the network needs, the labels are of a type that ONNX doesn't have (times), or the file
    /// would have 2 GiB or more.
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
