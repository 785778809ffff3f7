using Microsoft.ML.Runtime;
using MnistMlNet.Data;
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
public sealed class TwoLayerNetworkTransformer : TwoLayerNetworkTransformerBase<TwoLayerNetworkModelParameters>
{
    internal TwoLayerNetworkTransformer(
        IHostEnvironment environment, TwoLayerNetworkModelParameters model, string featureColumnName, ClassLabels? labels,
        TrainingHistory history)
        : base(environment, nameof(TwoLayerNetworkTransformer), model, featureColumnName, history) =>
        Labels = labels;

    internal ClassLabels? Labels { get; }

    private protected override AddedColumn[] CreateColumns(uint setId) => AddedColumns.Multiclass(setId, Model.ClassCount, Labels);

    private protected override ModelPayload CreatePayload() => new(Model, FeatureColumnName, History) { Labels = Labels };
}
