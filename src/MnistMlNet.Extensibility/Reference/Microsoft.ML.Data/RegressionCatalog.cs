namespace Microsoft.ML;

/// <summary>Public in ML.NET; here only names.</summary>
public sealed class RegressionCatalog
{
    private RegressionCatalog() => throw null!;

    public sealed class RegressionTrainers
    {
        private RegressionTrainers() => throw null!;
    }
}
