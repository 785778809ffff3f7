using Microsoft.ML.Runtime;
using MnistMlNet.Scoring;
using MnistMlNet.Serialization.Model;

namespace MnistMlNet;

/// <summary>
/// Scores rows by a trained network for several labels: adds <c>Probability</c>, a vector of <see cref="float"/>, and
/// <c>PredictedLabel</c>, a vector of <see cref="bool"/>, both with the slot names of the label.
/// </summary>
/// <remarks>
/// <para>Made by <see cref="TwoLayerNetworkMultilabelTrainer"/>; saved and loaded by <c>mlContext.Model.Save</c> and <c>Load</c>, alone or
/// in a chain.</para>
/// <para>A label is predicted where its probability is at least its threshold
/// (<see cref="TwoLayerNetworkMultilabelModelParameters.Thresholds"/>). A row with a feature that isn't finite has NaN for all
/// probabilities, and no label is predicted.</para>
/// </remarks>
public sealed class TwoLayerNetworkMultilabelTransformer : TwoLayerNetworkTransformerBase<TwoLayerNetworkMultilabelModelParameters>
{
    internal TwoLayerNetworkMultilabelTransformer(
        IHostEnvironment environment, TwoLayerNetworkMultilabelModelParameters model, string featureColumnName, TrainingHistory history)
        : base(environment, nameof(TwoLayerNetworkMultilabelTransformer), model, featureColumnName, history)
    {
    }

    private protected override AddedColumn[] CreateColumns(uint setId) =>
        AddedColumns.Multilabel(setId, Model.Thresholds, Model.LabelNames);

    private protected override ModelPayload CreatePayload() => new(Model, FeatureColumnName, History)
    {
        OutputNames = Model.LabelNames,
        IsVector = true,
        Thresholds = Model.Thresholds,
    };
}
