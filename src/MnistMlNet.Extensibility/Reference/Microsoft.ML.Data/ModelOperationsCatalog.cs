namespace Microsoft.ML;

/// <summary>Public in ML.NET; here only a name.</summary>
public sealed class ModelOperationsCatalog
{
    private ModelOperationsCatalog() => throw null!;
}
