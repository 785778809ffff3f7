using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Extensibility;
using MnistMlNet.Primitives;
using MnistMlNet.Scoring;
using MnistMlNet.Serialization.Model;
using MnistMlNet.Serialization.Onnx;

namespace MnistMlNet;

/// <summary>Scores rows by a trained network. Which columns it adds, depends on the task.</summary>
/// <remarks>
/// Saved and loaded by <c>mlContext.Model.Save</c> and <c>Load</c>, alone or in a chain. The added columns are computed when they are
/// fetched, all of a row together.
/// </remarks>
/// <typeparam name="TModel">The parameters of the network.</typeparam>
[DebuggerDisplay("{OneLine,nq}")]
public abstract class TwoLayerNetworkTransformerBase<TModel> : LoadableTransformerBase, ISingleFeaturePredictionTransformer<TModel>
    where TModel : TwoLayerNetworkModelParametersBase
{
    private readonly IHost _host;
    private readonly VectorDataViewType _featureType;

    private protected TwoLayerNetworkTransformerBase(
        IHostEnvironment environment, string name, TModel model, string featureColumnName, TrainingHistory history)
    {
        _host = environment.Register(name);
        _featureType = new VectorDataViewType(NumberDataViewType.Single, model.InputCount);
        Model = model;
        FeatureColumnName = featureColumnName;
        History = history;
    }

    /// <summary>Gets the network.</summary>
    public TModel Model { get; }

    /// <summary>Gets the name of the column that is scored.</summary>
    public override string FeatureColumnName { get; }

    /// <summary>
    /// Gets the type of the column that is scored: a vector of <see cref="float"/> with as many slots as the network has inputs.
    /// </summary>
    public DataViewType FeatureColumnType => _featureType;

    /// <summary>Gets how training went; saved and loaded with the model.</summary>
    public TrainingHistory History { get; }

    /// <summary>Gives the schema of the scored rows.</summary>
    /// <param name="inputSchema">The schema of the rows; it must have the feature column.</param>
    /// <returns>The input's columns and the added ones.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or of another type.</exception>
    public override DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => CreateSchema(inputSchema).Output;

    /// <summary>Scores rows, lazily: nothing is computed here but the schema.</summary>
    /// <param name="input">The rows; they must have the feature column.</param>
    /// <returns>The rows with the added columns.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or of another type.</exception>
    public override IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ScoreSchema schema = CreateSchema(input.Schema);
        return new ScoredDataView(
            schema, Model, input, graph => OnnxConverterNetwork.Add(graph, Model, FeatureColumnName, schema.Output));
    }

    /// <summary>Makes a mapper that scores one row at a time, as <c>PredictionEngine</c> does.</summary>
    /// <param name="inputSchema">The schema of the rows; it must have the feature column.</param>
    /// <returns>The mapper.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or of another type.</exception>
    public override IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new ScoreRowMapper(CreateSchema(inputSchema), Model);

    private string OneLine => $"'{FeatureColumnName}' -> {ModelSummary.OneLine(Model.Network.Shape)}";

    /// <summary>Gives a summary of the network and of its training.</summary>
    /// <returns>The summary.</returns>
    public override string ToString() => $"{GetType().Name} of '{Shown.Text(FeatureColumnName)}'\n{Model}\n{History}";

    /// <summary>Gives the columns to add.</summary>
    private protected abstract AddedColumn[] CreateColumns(uint setId);

    /// <summary>Gives what is saved.</summary>
    private protected abstract ModelPayload CreatePayload();

    internal override void WritePayload(Stream stream) => ModelFormat.Write(stream, CreatePayload());

    private ScoreSchema CreateSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScoreSchema(_host, input, FeatureColumnName, _featureType, CreateColumns);
    }
}
