namespace Microsoft.ML.Transforms;

/// <summary>Public in ML.NET, its members internal: the transformer of <c>SelectColumns</c> and <c>DropColumns</c>.</summary>
public sealed class ColumnSelectingTransformer
{
    private ColumnSelectingTransformer() => throw null!;

    public IEnumerable<string> SelectColumns => throw null!;

    public bool KeepColumns => throw null!;
}
