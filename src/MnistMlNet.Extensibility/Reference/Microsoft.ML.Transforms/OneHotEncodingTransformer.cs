using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Public in ML.NET, the chain in it private: what <c>OneHotEncoding</c> makes.</summary>
public sealed class OneHotEncodingTransformer
{
    public readonly TransformerChain<ITransformer> _transformer = null!;

    private OneHotEncodingTransformer() => throw null!;
}
