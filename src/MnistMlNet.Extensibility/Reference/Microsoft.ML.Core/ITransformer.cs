using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Public in ML.NET; complete, since MnistMlNet.Extensibility implements it.</summary>
public interface ITransformer : ICanSaveModel
{
    bool IsRowToRowMapper { get; }

    DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    IDataView Transform(IDataView input);

    IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);
}
