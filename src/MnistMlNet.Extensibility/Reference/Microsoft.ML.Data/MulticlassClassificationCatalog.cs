namespace Microsoft.ML;

/// <summary>Public in ML.NET; here only names.</summary>
public sealed class MulticlassClassificationCatalog
{
    private MulticlassClassificationCatalog() => throw null!;

    public sealed class MulticlassClassificationTrainers
    {
        private MulticlassClassificationTrainers() => throw null!;
    }
}
