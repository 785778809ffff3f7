using System.Runtime.InteropServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>Builds an ONNX graph: each call adds a part and returns the name of its value.</summary>
/// <remarks>
/// Field numbers are those of onnx.proto. The first dimension of inputs and outputs is <c>N</c>, any number of rows. Inputs keep their
/// names; a number is appended to the name of a constant or a node if the name exists already.
/// </remarks>
internal sealed class OnnxGraph
{
    private const string Rows = "N";

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly OnnxMessage _nodes = new();
    private readonly OnnxMessage _constants = new();
    private readonly OnnxMessage _inputs = new();
    private readonly OnnxMessage _outputs = new();

    /// <summary>Adds an input of the shape <c>[N, width]</c>.</summary>
    public string Input(string name, int width)
    {
        if (!_names.Add(name))
        {
            throw new InvalidOperationException($"The graph already has a value '{Shown.Text(name)}'.");
        }

        _inputs.Message(11, Value(name, OnnxElement.Single, width));
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
        _constants.Message(5, Tensor(name, element, [values.Length]).Bytes(9, bytes));
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
    public string Node(string type, string output, string[] inputs, params ReadOnlySpan<OnnxMessage> attributes)
    {
        output = Free(output);
        var node = new OnnxMessage();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(3, output).Text(4, type);
        foreach (OnnxMessage attribute in attributes)
        {
            node.Message(5, attribute);
        }

        _nodes.Message(1, node);
        return output;
    }

    /// <summary>Makes a value an output of the graph, of the shape <c>[N, width]</c>, or <c>[N]</c> without a width.</summary>
    public void Output(string name, OnnxElement element, int? width = null) => _outputs.Message(12, Value(name, element, width));

    /// <summary>Makes an attribute of a node.</summary>
    public static OnnxMessage Attribute(string name, long value) => new OnnxMessage().Text(1, name).Integer(3, value).Integer(20, 2);

    /// <inheritdoc cref="Attribute(string, long)"/>
    public static OnnxMessage Attribute(string name, float value) => new OnnxMessage().Text(1, name).Single(2, value).Integer(20, 1);

    /// <summary>Makes a message of the graph; nothing can be added to the graph afterwards.</summary>
    public OnnxMessage ToMessage(string name, string description) =>
        new OnnxMessage().Append(_nodes).Text(2, name).Append(_constants).Text(10, description).Append(_inputs).Append(_outputs);

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
