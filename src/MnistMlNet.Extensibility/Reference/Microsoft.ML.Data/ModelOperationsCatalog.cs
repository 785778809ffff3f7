namespace Microsoft.ML;

/// <summary>Public in ML.NET; declared here without members.</summary>
public sealed class ModelOperationsCatalog
{
    private ModelOperationsCatalog() => throw null!;
}
