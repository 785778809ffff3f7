using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace MnistMlNet.Extensibility;

/// <summary>The graph that ML.NET's <c>ConvertToOnnx</c> builds, of the optional package Microsoft.ML.OnnxConverter.</summary>
/// <remarks>
/// Every value that ML.NET's context adds becomes a column of that name too. So the values of the network get a prefix: a constant
/// <c>b1</c> would hide a column <c>b1</c>.
/// </remarks>
/// <param name="context">ML.NET's context.</param>
internal sealed class OnnxConverterGraph(OnnxContext context)
{
    private const string Prefix = "TwoLayerNetwork.";

    /// <summary>Gets the name of the value of a column; null where no step before computed it.</summary>
    internal string? Find(string column) => context.ContainsColumn(column) ? context.GetVariableName(column) : null;

    /// <summary>Adds a column, whose value a node must compute, and returns the name of its value.</summary>
    internal string AddColumn(string name, DataViewType type) => context.AddIntermediateVariable(type, name);

    /// <summary>Adds a constant of floats.</summary>
    internal string AddConstant(string name, IEnumerable<float> values, IEnumerable<long> shape) =>
        context.AddInitializer(values, shape, Prefix + name);

    /// <summary>Adds one integer.</summary>
    internal string AddConstant(string name, long value) => context.AddInitializer(value, Prefix + name);

    /// <summary>Adds a node and its value, and returns the name of the value.</summary>
    /// <param name="type">The operator of ONNX's default domain.</param>
    /// <param name="name">The name of the value, made unique.</param>
    /// <param name="inputs">The names of the inputs.</param>
    /// <param name="attributes">Integers and floats.</param>
    internal string AddNode(string type, string name, string[] inputs, IEnumerable<(string Name, object Value)> attributes)
    {
        // ML.NET doesn't look at the type of a value that it doesn't describe.
        string output = context.AddIntermediateVariable(NumberDataViewType.Single, Prefix + name, skip: true);
        AddNodeTo(output, type, inputs, attributes);
        return output;
    }

    /// <summary>Adds a node that computes a value which exists already.</summary>
    internal void AddNodeTo(string output, string type, string[] inputs, IEnumerable<(string Name, object Value)> attributes)
    {
        // ML.NET takes null for the domain ai.onnx.ml.
        OnnxNode node = context.CreateNode(type, inputs, [output], context.GetNodeName(type), domain: "");
        foreach ((string name, object value) in attributes)
        {
            if (value is float single)
            {
                node.AddAttribute(name, single);
            }
            else
            {
                node.AddAttribute(name, (long)value);
            }
        }
    }
}
