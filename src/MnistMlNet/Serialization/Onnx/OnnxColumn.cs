using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>A column of a chain, with a function that adds its nodes to the graph. Only columns that the network uses get nodes.</summary>
internal sealed class OnnxColumn
{
    private readonly OnnxColumn[] _sources;
    private readonly Func<OnnxGraph, string[], string> _add;
    private string? _value;

    private OnnxColumn(string name, int width, OnnxColumn[] sources, Func<OnnxGraph, string[], string> add)
    {
        Name = name;
        Width = width;
        _sources = sources;
        _add = add;
    }

    public string Name { get; }

    /// <summary>Gets the number of values in a row.</summary>
    public int Width { get; }

    /// <summary>
    /// Gets the columns of the input data from which this one is computed, each once, in the order in which they are used.
    /// </summary>
    public IEnumerable<OnnxColumn> Inputs => _sources.Length == 0 ? [this] : _sources.SelectMany(source => source.Inputs).Distinct();

    /// <summary>Makes a column of the input data.</summary>
    public static OnnxColumn Input(DataViewSchema.Column column)
    {
        int? width = column.Type switch
        {
            NumberDataViewType { RawType: var type } when type == typeof(float) => 1,
            VectorDataViewType { ItemType.RawType: var type, Size: > 0 and var size } when type == typeof(float) => size,
            _ => null,
        };
        return width is int known
            ? new OnnxColumn(column.Name, known, [], (graph, _) => graph.Input(column.Name, known))
            : Unusable(column.Name, $"The column '{Shown.Text(column.Name)}' of inputSchema is of the type {column.Type}; expected "
                + $"Single, or a vector of Single of known size.");
    }

    /// <summary>Makes a column that can't be computed in the graph. It is an error only if the network needs it.</summary>
    public static OnnxColumn Unusable(string name, string reason) => new(name, 0, [], (_, _) => throw new NotSupportedException(reason));

    /// <summary>Makes <c>(source - offset) · scale</c>.</summary>
    /// <param name="name">The name of the column.</param>
    /// <param name="source">The column to scale.</param>
    /// <param name="scale">One factor for each value.</param>
    /// <param name="offset">One offset for each value; empty for zeros.</param>
    public static OnnxColumn Affine(string name, OnnxColumn source, float[] scale, float[] offset) =>
        new(name, source.Width, [source], (graph, values) =>
    {
        string value = values[0];
        if (offset.AsSpan().ContainsAnyExcept(0f))
        {
            value = graph.Node("Sub", $"{name}/centered", [value, graph.Constant($"{name}/offset", [offset.Length], () => offset)]);
        }

        return graph.Node("Mul", $"{name}/scaled", [value, graph.Constant($"{name}/scale", [scale.Length], () => scale)]);
    });

    /// <summary>Makes the concatenation of all sources.</summary>
    public static OnnxColumn Concatenation(string name, OnnxColumn[] sources) =>
        new(name, sources.Sum(source => source.Width), sources, (graph, values) =>
        values is [var only] ? only : graph.Node("Concat", $"{name}/concatenated", values, OnnxGraph.Attribute("axis", 1)));

    /// <summary>Adds the nodes of the column to the graph, unless they were added before, and returns the name of its value.</summary>
    /// <exception cref="NotSupportedException">The graph can't compute the column; the message says why.</exception>
    public string AddTo(OnnxGraph graph) => _value ??= _add(graph, [.. _sources.Select(source => source.AddTo(graph))]);
}
