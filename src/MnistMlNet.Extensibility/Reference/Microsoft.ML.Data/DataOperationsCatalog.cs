namespace Microsoft.ML;

/// <summary>Public in ML.NET; declared here without members.</summary>
public sealed class DataOperationsCatalog
{
    private DataOperationsCatalog() => throw null!;
}
