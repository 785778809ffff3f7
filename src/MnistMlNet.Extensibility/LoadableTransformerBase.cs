using System.ComponentModel;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Extensibility;

/// <summary>The part of a transformer that ML.NET keeps to itself: saving, and being found by permutation feature importance.</summary>
/// <remarks>Infrastructure, not meant to be derived from or named: use <c>MnistMlNet.TwoLayerNetworkTransformer</c>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class LoadableTransformerBase : ISingleFeaturePredictionTransformer
{
    // Internal, so that no type outside MnistMlNet can stand behind the registered loader.
    internal LoadableTransformerBase()
    {
    }

    /// <summary>Gets the name of the column that is scored.</summary>
    public abstract string FeatureColumnName { get; }

    /// <summary>Gets a value indicating whether each output row depends on one input row only; always <see langword="true"/>.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>Gives the schema of the output for an input of schema <paramref name="inputSchema"/>.</summary>
    /// <param name="inputSchema">The schema of the input; it must hold the feature column.</param>
    /// <returns>The schema of the output.</returns>
    public abstract DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <summary>Scores <paramref name="input"/>. Lazy: only the schema is checked here.</summary>
    /// <param name="input">The rows to score.</param>
    /// <returns>The rows with their scores.</returns>
    public abstract IDataView Transform(IDataView input);

    /// <summary>Makes a mapper that scores one row at a time.</summary>
    /// <param name="inputSchema">The schema of the rows; it must hold the feature column.</param>
    /// <returns>The mapper.</returns>
    public abstract IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => TransformerLoader.Format.Save(ctx, WritePayload);

    /// <summary>Writes all that the factory in <see cref="TransformerLoader.Factory"/> needs to make this transformer again.</summary>
    /// <param name="stream">Can only be written to; it can be disposed without harm.</param>
    internal abstract void WritePayload(Stream stream);
}
