namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>Internal in ML.NET: a node of the graph, to which attributes can be added.</summary>
public abstract class OnnxNode
{
    internal OnnxNode() => throw null!;

    public abstract void AddAttribute(string argName, double value);

    public abstract void AddAttribute(string argName, long value);
}
