namespace Microsoft.ML;

/// <summary>Internal in ML.NET, with more values: the task of a model.</summary>
public enum PredictionKind
{
    BinaryClassification = 2,
}
