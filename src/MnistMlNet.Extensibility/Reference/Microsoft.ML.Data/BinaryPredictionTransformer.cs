using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Public in ML.NET, its constructor internal: the transformer of a model of binary classification.</summary>
public sealed class BinaryPredictionTransformer<TModel>
    where TModel : class
{
    public BinaryPredictionTransformer(
        IHostEnvironment env, TModel model, DataViewSchema inputSchema, string featureColumn,
        float threshold = 0f, string thresholdColumn = "Score")
        => throw null!;
}
