namespace Microsoft.ML.Transforms;

/// <summary>Public in ML.NET, its members internal: what <c>SelectColumns</c> and <c>DropColumns</c> make.</summary>
public sealed class ColumnSelectingTransformer
{
    private ColumnSelectingTransformer() => throw null!;

    public IEnumerable<string> SelectColumns => throw null!;

    public bool KeepColumns => throw null!;
}
