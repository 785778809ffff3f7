namespace Microsoft.ML.Data;

/// <summary>Public in ML.NET, its members internal: a transformer of pairs of an output and an input column.</summary>
public abstract class OneToOneTransformerBase
{
    public readonly (string OutputColumnName, string InputColumnName)[] ColumnPairs = null!;

    private OneToOneTransformerBase() => throw null!;
}
