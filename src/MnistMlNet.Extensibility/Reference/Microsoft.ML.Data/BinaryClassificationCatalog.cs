namespace Microsoft.ML;

/// <summary>Public in ML.NET; here only names.</summary>
public sealed class BinaryClassificationCatalog
{
    private BinaryClassificationCatalog() => throw null!;

    public sealed class BinaryClassificationTrainers
    {
        private BinaryClassificationTrainers() => throw null!;
    }
}
