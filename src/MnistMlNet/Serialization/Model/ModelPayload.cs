using System.Collections.Immutable;
using System.Diagnostics;
using MnistMlNet.Configuration;
using MnistMlNet.Data;

namespace MnistMlNet.Serialization.Model;

/// <summary>What is saved of a model.</summary>
/// <param name="FeatureColumnName">Empty for two classes: ML.NET's own transformer saves it.</param>
internal sealed record ModelPayload(TwoLayerNetworkModelParametersBase Model, string FeatureColumnName, TrainingHistory History)
{
    /// <summary>Gets the task of the model.</summary>
    public LearningTask Task => Model switch
    {
        TwoLayerNetworkModelParameters => LearningTask.Multiclass,
        TwoLayerNetworkBinaryModelParameters => LearningTask.Binary,
        TwoLayerNetworkRegressionModelParameters => LearningTask.Regression,
        TwoLayerNetworkMultilabelModelParameters => LearningTask.Multilabel,
        _ => throw new UnreachableException(),
    };

    /// <summary>Gets the classes; null where they have no names, or labels aren't classes.</summary>
    public ClassLabels? Labels { get; init; }

    /// <summary>Gets the names of the label's slots; empty where it has none.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>Gets whether the label is a vector, even of one slot.</summary>
    public bool IsVector { get; init; }

    /// <summary>Gets the threshold of each label; empty where there are none.</summary>
    public ImmutableArray<float> Thresholds { get; init; } = [];
}
