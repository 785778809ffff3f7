using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Public in ML.NET, its constructor and its threshold internal: the transformer of a model of binary classification.</summary>
public sealed class BinaryPredictionTransformer<TModel>
    where TModel : class
{
    public readonly string ThresholdColumn = null!;

    public readonly float Threshold;

    public BinaryPredictionTransformer(
        IHostEnvironment env, TModel model, DataViewSchema inputSchema, string featureColumn,
        float threshold = 0f, string thresholdColumn = "Score")
        => throw null!;
}
