namespace Microsoft.ML.Data;

/// <summary>Public in ML.NET, <see cref="Columns"/> internal: the transformer of <c>Concatenate</c>.</summary>
public sealed class ColumnConcatenatingTransformer
{
    private ColumnConcatenatingTransformer() => throw null!;

    public IReadOnlyCollection<(string OutputColumnName, string[] InputColumnNames)> Columns => throw null!;
}
