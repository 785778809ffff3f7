using Microsoft.ML.Runtime;
using MnistMlNet.Scoring;
using MnistMlNet.Serialization.Model;

namespace MnistMlNet;

/// <summary>
/// Scores rows by a trained network for regression: adds <c>Score</c>, a <see cref="float"/>, or a vector of <see cref="float"/> where the
/// label was a vector.
/// </summary>
/// <remarks>
/// <para>Made by <see cref="TwoLayerNetworkRegressionTrainer"/>; saved and loaded by <c>mlContext.Model.Save</c> and <c>Load</c>, alone or
/// in a chain.</para>
/// <para>A vector has the slot names of the label. A row with a feature that isn't finite scores NaN.</para>
/// </remarks>
public sealed class TwoLayerNetworkRegressionTransformer : TwoLayerNetworkTransformerBase<TwoLayerNetworkRegressionModelParameters>
{
    internal TwoLayerNetworkRegressionTransformer(
        IHostEnvironment environment, TwoLayerNetworkRegressionModelParameters model, string featureColumnName, TrainingHistory history)
        : base(environment, nameof(TwoLayerNetworkRegressionTransformer), model, featureColumnName, history)
    {
    }

    private protected override AddedColumn[] CreateColumns(uint setId) =>
        AddedColumns.Regression(setId, Model.OutputCount, Model.IsVector, Model.OutputNames);

    private protected override ModelPayload CreatePayload() => new(Model, FeatureColumnName, History)
    {
        OutputNames = Model.OutputNames,
        IsVector = Model.IsVector,
    };
}
