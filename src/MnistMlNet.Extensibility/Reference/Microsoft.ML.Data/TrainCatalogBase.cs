namespace Microsoft.ML;

/// <summary>Public in ML.NET; here only a name.</summary>
public abstract class TrainCatalogBase
{
    private TrainCatalogBase() => throw null!;
}
