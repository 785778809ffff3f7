using Microsoft.ML.Data;

namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>Internal in ML.NET: the graph that <c>ConvertToOnnx</c> builds; here only the members that are called.</summary>
public abstract class OnnxContext
{
    internal OnnxContext() => throw null!;

    public abstract string GetNodeName(string prefix);

    public abstract bool ContainsColumn(string colName);

    public abstract string GetVariableName(string colName);

    public abstract string AddIntermediateVariable(DataViewType type, string colName, bool skip = false);

    public abstract OnnxNode CreateNode(
        string opType, IEnumerable<string> inputs, IEnumerable<string> outputs, string name, string? domain = null);

    public abstract string AddInitializer(long value, string? name = null, bool makeUniqueName = true);

    public abstract string AddInitializer(
        IEnumerable<float> values, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true);
}
