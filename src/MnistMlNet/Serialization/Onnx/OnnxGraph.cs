using System.Diagnostics;
using System.Runtime.InteropServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>Builds an ONNX graph: each call adds a part and returns the name of its value.</summary>
/// <remarks>
/// Field numbers are those of onnx.proto. The first dimension of inputs and outputs is <c>N</c>, any number of rows. Inputs keep their
/// names; a number is appended to the name of a constant or a node if the name exists already.
/// </remarks>
internal sealed class OnnxGraph : IOnnxNodes
{
    private const string Rows = "N";
    private const string MachineLearning = "ai.onnx.ml";

    private readonly SortedDictionary<string, int> _domains = new(StringComparer.Ordinal) { [""] = 13 };
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly OnnxMessage _nodes = new();
    private readonly OnnxMessage _constants = new();
    private readonly OnnxMessage _inputs = new();
    private readonly OnnxMessage _outputs = new();

    /// <summary>Gets the sets of operators that the graph needs, with their versions; <c>""</c> is ONNX's own.</summary>
    public IReadOnlyDictionary<string, int> Domains => _domains;

    /// <summary>Adds an input of the shape <c>[N, width]</c>.</summary>
    public string Input(string name, int width, OnnxElement element = OnnxElement.Single)
    {
        if (!_names.Add(name))
        {
            throw new InvalidOperationException($"The graph already has a value '{Shown.Text(name)}'.");
        }

        _inputs.Message(11, Value(name, element, width));
        return name;
    }

    /// <summary>Adds floats of the given shape, which are read when the graph is written.</summary>
    public string Constant(string name, ReadOnlySpan<int> shape, Func<ReadOnlyMemory<float>> values)
    {
        long count = 1;
        foreach (int dimension in shape)
        {
            count *= dimension;
        }

        name = Free(name);
        _constants.Message(5, Tensor(name, OnnxElement.Single, shape).Singles(9, count, values));
        return name;
    }

    /// <summary>Adds a vector of numbers or Booleans.</summary>
    public string Constant<T>(string name, OnnxElement element, ReadOnlySpan<T> values)
        where T : unmanaged => Constant(name, element, [values.Length], values);

    /// <summary>Adds numbers or Booleans of the given shape, row-major.</summary>
    public string Constant<T>(string name, OnnxElement element, ReadOnlySpan<int> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            int size = bytes.Length / Math.Max(values.Length, 1);
            for (int i = 0; i < values.Length; i++)
            {
                bytes.AsSpan(i * size, size).Reverse();
            }
        }

        name = Free(name);
        _constants.Message(5, Tensor(name, element, shape).Bytes(9, bytes));
        return name;
    }

    /// <summary>Adds one integer.</summary>
    public string Scalar(string name, long value)
    {
        name = Free(name);
        _constants.Message(5, Tensor(name, OnnxElement.Int64, []).Integer(7, value));
        return name;
    }

    /// <summary>Adds a vector of texts.</summary>
    public string Constant(string name, IReadOnlyCollection<string> values)
    {
        name = Free(name);
        OnnxMessage tensor = Tensor(name, OnnxElement.Text, [values.Count]);
        foreach (string value in values)
        {
            tensor.Text(6, value);
        }

        _constants.Message(5, tensor);
        return name;
    }

    /// <summary>Adds <c>output = type(inputs)</c>.</summary>
    public string Node(string type, string output, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        Node("", type, output, inputs, attributes);

    /// <summary>Adds a node of the domain of machine learning, version 2 (ONNX 1.8).</summary>
    public string MachineLearningNode(string type, string output, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        _domains[MachineLearning] = 2;
        return Node(MachineLearning, type, output, inputs, attributes);
    }

    /// <summary>Converts a value to another element type.</summary>
    public string Cast(string value, OnnxElement element, string output) =>
        Node("Cast", output, [value], OnnxAttribute.To(element));

    /// <summary>Adds a dimension of size 1.</summary>
    public string Unsqueeze(string value, int axis, string output) => Node("Unsqueeze", output, [value, Axis(axis)]);

    /// <summary>Sums over a dimension, which is removed.</summary>
    public string ReduceSum(string value, int axis, string output) =>
        Node("ReduceSum", output, [value, Axis(axis)], new OnnxAttribute("keepdims", 0));

    /// <summary>Joins all dimensions but the first, which have the given size together.</summary>
    public string Flatten(string value, int width, string output) =>
        Node("Reshape", output, [value, Constant<long>("shape", OnnxElement.Int64, [0, width])]);

    /// <summary>Makes a value an output of the graph, of the shape <c>[N, width]</c>, or <c>[N]</c> without a width.</summary>
    public void Output(string name, OnnxElement element, int? width = null) => _outputs.Message(12, Value(name, element, width));

    /// <summary>Makes a message of the graph; nothing can be added to the graph afterwards.</summary>
    public OnnxMessage ToMessage(string name, string description) =>
        new OnnxMessage().Append(_nodes).Text(2, name).Append(_constants).Text(10, description).Append(_inputs).Append(_outputs);

    private string Axis(int axis) => Constant<long>("axis", OnnxElement.Int64, [axis]);

    private string Node(string domain, string type, string output, string[] inputs, ReadOnlySpan<OnnxAttribute> attributes)
    {
        output = Free(output);
        var node = new OnnxMessage();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(3, output).Text(4, type);
        foreach (OnnxAttribute attribute in attributes)
        {
            node.Message(5, Attribute(attribute));
        }

        if (domain.Length > 0)
        {
            node.Text(7, domain);
        }

        _nodes.Message(1, node);
        return output;
    }

    private static OnnxMessage Attribute(OnnxAttribute attribute)
    {
        OnnxMessage message = new OnnxMessage().Text(1, attribute.Name);
        switch (attribute.Value)
        {
            case float value:
                return message.Single(2, value).Integer(20, 1);
            case long value:
                return message.Integer(3, value).Integer(20, 2);
            case string value:
                return message.Text(4, value).Integer(20, 3);
            case float[] values:
                Array.ForEach(values, value => message.Single(7, value));
                return message.Integer(20, 6);
            case long[] values:
                Array.ForEach(values, value => message.Integer(8, value));
                return message.Integer(20, 7);
            case string[] values:
                Array.ForEach(values, value => message.Text(9, value));
                return message.Integer(20, 8);
            default:
                throw new UnreachableException();
        }
    }

    private static OnnxMessage Tensor(string name, OnnxElement element, ReadOnlySpan<int> shape)
    {
        var tensor = new OnnxMessage();
        foreach (int dimension in shape)
        {
            tensor.Integer(1, dimension);
        }

        return tensor.Integer(2, (int)element).Text(8, name);
    }

    private static OnnxMessage Value(string name, OnnxElement element, int? width)
    {
        OnnxMessage shape = new OnnxMessage().Message(1, new OnnxMessage().Text(2, Rows));
        if (width is int known)
        {
            shape.Message(1, new OnnxMessage().Integer(1, known));
        }

        OnnxMessage tensor = new OnnxMessage().Integer(1, (int)element).Message(2, shape);
        return new OnnxMessage().Text(1, name).Message(2, new OnnxMessage().Message(1, tensor));
    }

    private string Free(string name)
    {
        string free = name;
        for (int i = 2; !_names.Add(free); i++)
        {
            free = $"{name}_{i}";
        }

        return free;
    }
}
