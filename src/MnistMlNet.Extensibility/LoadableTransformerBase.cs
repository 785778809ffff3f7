using System.ComponentModel;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Extensibility;

/// <summary>
/// The part of a transformer that needs ML.NET's internal members: saving, and support for permutation feature importance.
/// </summary>
/// <remarks>Infrastructure, not meant for use in your code: use <c>MnistMlNet.TwoLayerNetworkTransformer</c>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class LoadableTransformerBase : ISingleFeaturePredictionTransformer
{
    // Internal, so that the registered loader can't return a type from outside MnistMlNet.
    internal LoadableTransformerBase()
    {
    }

    /// <summary>Gets the name of the column that is scored.</summary>
    public abstract string FeatureColumnName { get; }

    /// <summary>Gets a value indicating whether each output row depends on one input row only; always <see langword="true"/>.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>Gets the schema of the output for an input of schema <paramref name="inputSchema"/>.</summary>
    /// <param name="inputSchema">The schema of the input; it must hold the feature column.</param>
    /// <returns>The schema of the output.</returns>
    public abstract DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <summary>Scores <paramref name="input"/> lazily: this call checks only the schema.</summary>
    /// <param name="input">The rows to score.</param>
    /// <returns>The rows with their scores.</returns>
    public abstract IDataView Transform(IDataView input);

    /// <summary>Creates a mapper that scores one row at a time.</summary>
    /// <param name="inputSchema">The schema of the rows; it must hold the feature column.</param>
    /// <returns>The mapper.</returns>
    public abstract IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel();
        ctx.SetVersionInfo(TransformerLoader.GetVersionInfo());
        PayloadBlock.Write(ctx.Writer, WritePayload);
    }

    /// <summary>Writes the data from which <see cref="TransformerLoader.Factory"/> creates this transformer again.</summary>
    /// <param name="stream">Write-only; disposing it doesn't close the model's stream.</param>
    internal abstract void WritePayload(Stream stream);
}
