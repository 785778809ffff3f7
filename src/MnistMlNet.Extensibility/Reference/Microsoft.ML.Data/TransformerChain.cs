namespace Microsoft.ML.Data;

/// <summary>Public in ML.NET; here only a name.</summary>
public sealed class TransformerChain<TLastTransformer>
    where TLastTransformer : class, ITransformer
{
    private TransformerChain() => throw null!;
}
