using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Data;
using MnistMlNet.Extensibility;
using MnistMlNet.Scoring;
using MnistMlNet.Serialization.Model;

namespace MnistMlNet;

/// <summary>
/// Scores rows with a trained network: adds <c>Score</c>, the class probabilities, and <c>PredictedLabel</c>, the key of the most probable
/// class.
/// </summary>
/// <remarks>
/// <para>Created by <see cref="TwoLayerNetworkTrainer"/>; saved and loaded by <c>mlContext.Model.Save</c> and <c>Load</c>, alone or in a
/// chain.</para>
/// <para><c>Score</c> is a vector of <see cref="float"/> with one slot for each class and the class names as slot names.
/// <c>PredictedLabel</c> is a key with the key values of the training label, so <c>MapKeyToValue</c> turns it into the label's value. Both
/// are computed together, when one of them is read. For a row with a feature that isn't finite, all scores are NaN and the predicted label
/// is missing.</para>
/// </remarks>
public sealed class TwoLayerNetworkTransformer : LoadableTransformerBase,
    ISingleFeaturePredictionTransformer<TwoLayerNetworkModelParameters>
{
    private readonly IHost _host;
    private readonly VectorDataViewType _featureType;

    internal TwoLayerNetworkTransformer(
        IHostEnvironment environment, TwoLayerNetworkModelParameters model, string featureColumnName, ClassLabels? labels,
        TrainingHistory history)
    {
        _host = environment.Register(nameof(TwoLayerNetworkTransformer));
        _featureType = new VectorDataViewType(NumberDataViewType.Single, model.InputCount);
        Model = model;
        FeatureColumnName = featureColumnName;
        Labels = labels;
        History = history;
    }

    /// <summary>Gets the network.</summary>
    public TwoLayerNetworkModelParameters Model { get; }

    /// <summary>Gets the name of the column that is scored.</summary>
    public override string FeatureColumnName { get; }

    /// <summary>
    /// Gets the type of the column that is scored: a vector of <see cref="float"/> with
    /// <see cref="TwoLayerNetworkModelParameters.InputCount"/> slots.
    /// </summary>
    public DataViewType FeatureColumnType => _featureType;

    /// <summary>Gets the record of the training run; saved and loaded with the model.</summary>
    public TrainingHistory History { get; }

    internal ClassLabels? Labels { get; }

    /// <summary>Gets the schema of the scored rows.</summary>
    /// <param name="inputSchema">The schema of the rows; it must have the feature column.</param>
    /// <returns>The input's columns with <c>PredictedLabel</c> and <c>Score</c> added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or of another type.</exception>
    public override DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => CreateSchema(inputSchema).Output;

    /// <summary>Scores rows lazily: this call computes only the schema.</summary>
    /// <param name="input">The rows; they must have the feature column.</param>
    /// <returns>The rows with <c>PredictedLabel</c> and <c>Score</c> added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or of another type.</exception>
    public override IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScoredDataView(CreateSchema(input.Schema), Model, input);
    }

    /// <summary>Creates a mapper that scores one row at a time, as <c>PredictionEngine</c> needs it.</summary>
    /// <param name="inputSchema">The schema of the rows; it must have the feature column.</param>
    /// <returns>The mapper.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or of another type.</exception>
    public override IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new ScoreRowMapper(CreateSchema(inputSchema), Model);

    internal override void WritePayload(Stream stream) => ModelFormat.Write(stream, this);

    private ScoreSchema CreateSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScoreSchema(_host, input, FeatureColumnName, _featureType, Model.ClassCount, Labels);
    }
}
