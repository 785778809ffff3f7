namespace Microsoft.ML;

/// <summary>
/// Internal in ML.NET, unlike the generic interface of this name: permutation feature importance searches a chain for it.
/// </summary>
public interface ISingleFeaturePredictionTransformer : ITransformer
{
    string FeatureColumnName { get; }
}
