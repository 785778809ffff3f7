namespace Microsoft.ML;

/// <summary>Internal in ML.NET, beside the public generic one: what permutation feature importance looks for in a chain.</summary>
public interface ISingleFeaturePredictionTransformer : ITransformer
{
    string FeatureColumnName { get; }
}
