using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace MnistMlNet.Extensibility;

/// <summary>The part of a scored data view that ML.NET keeps to itself: being written by <c>ConvertToOnnx</c>.</summary>
/// <remarks>
/// <c>ConvertToOnnx</c> walks back from the last view. At a view without this interface it stops without an error, and writes a file
/// whose inputs are the scores.
/// </remarks>
/// <param name="source">The view that is scored.</param>
internal abstract class OnnxConvertibleView(IDataView source) : ITransformCanSaveOnnx
{
    /// <inheritdoc/>
    public abstract bool CanShuffle { get; }

    /// <inheritdoc/>
    public abstract DataViewSchema Schema { get; }

    IDataView IDataTransform.Source => source;

    /// <inheritdoc/>
    public abstract long? GetRowCount();

    /// <inheritdoc/>
    public abstract DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null);

    /// <inheritdoc/>
    public abstract DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => WriteOnnx(new OnnxConverterGraph(ctx));

    // Only ML.NET's command line saves views; a chain saves its transformers.
    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException(
        "A scored data view can't be saved as a model. Save the transformer instead: mlContext.Model.Save(transformer, schema, path).");

    /// <summary>Adds the nodes of the added columns.</summary>
    private protected abstract void WriteOnnx(OnnxConverterGraph graph);
}
