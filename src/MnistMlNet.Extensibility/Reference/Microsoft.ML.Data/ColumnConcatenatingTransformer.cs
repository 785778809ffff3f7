namespace Microsoft.ML.Data;

/// <summary>Public in ML.NET, <see cref="Columns"/> internal: what <c>Concatenate</c> makes.</summary>
public sealed class ColumnConcatenatingTransformer
{
    private ColumnConcatenatingTransformer() => throw null!;

    public IReadOnlyCollection<(string OutputColumnName, string[] InputColumnNames)> Columns => throw null!;
}
