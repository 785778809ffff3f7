using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>A column of a chain, with a function that adds its nodes to the graph. Only columns that the network uses get nodes.</summary>
/// <remarks>
/// The value of a column in the graph has the shape <c>[N, width]</c> and the element type of the column. Keys are <c>int64</c>, counted
/// from 1, with 0 for a missing one, as in ML.NET. Tokens of a text, whose number differs from row to row, are padded at the end.
/// </remarks>
internal sealed class OnnxColumn
{
    private readonly OnnxColumn[] _sources;
    private readonly Func<OnnxGraph, string[], string> _add;
    private string? _value;

    private OnnxColumn(string name, DataViewType? type, OnnxColumn[] sources, Func<OnnxGraph, string[], string> add)
    {
        Name = name;
        Type = type;
        _sources = sources;
        _add = add;
    }

    public string Name { get; }

    /// <summary>Gets the type in ML.NET; null where it is unknown, since an earlier column is missing.</summary>
    public DataViewType? Type { get; }

    /// <summary>Gets the annotations, such as the values of a key.</summary>
    public DataViewSchema.Annotations? Annotations { get; init; }

    /// <summary>Gets the number of values in a row; 0 where it differs from row to row.</summary>
    public int Width => Type is VectorDataViewType vector ? vector.Size : Type is null ? 0 : 1;

    /// <summary>Gets the type of one value.</summary>
    public DataViewType? Item => Type is VectorDataViewType vector ? vector.ItemType : Type;

    /// <summary>
    /// Gets the columns of the input data from which this one is computed, each once, in the order in which they are used.
    /// </summary>
    public IEnumerable<OnnxColumn> Inputs => _sources.Length == 0 ? [this] : _sources.SelectMany(source => source.Inputs).Distinct();

    /// <summary>Gets a value indicating whether the column joins its sources, so that its type is theirs.</summary>
    private bool IsConcatenation { get; init; }

    /// <summary>Gets the type of the sources' items that the column needs; null for any type.</summary>
    private DataViewType? SourceItem { get; init; }

    /// <summary>Gets the step that makes the column, as messages name it; null for a column of the input data.</summary>
    private string? Step { get; init; }

    /// <summary>Makes a column of the input data.</summary>
    public static OnnxColumn Input(DataViewSchema.Column column)
    {
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return OnnxElements.Of(item) is { } element && column.Type is not VectorDataViewType { Size: 0 }
            ? new OnnxColumn(column.Name, column.Type, [], (graph, _) =>
            {
                int width = column.Type is VectorDataViewType known ? known.Size : 1;
                string value = graph.Input(column.Name, width, element);
                return item is KeyDataViewType
                    ? graph.Node("Cast", $"{column.Name}/key", [value], OnnxAttribute.To(OnnxElement.Int64))
                    : value;
            })
            {
                Annotations = column.Annotations,
            }
            : Unusable(column.Name, $"The column '{Shown.Text(column.Name)}' of inputSchema is of the type {column.Type}; expected "
                + $"a number, a Boolean, a text, a key, or a vector of one of these of known size.", column.Type);
    }

    /// <summary>Makes a column that can't be computed in the graph. It is an error only if the network needs it.</summary>
    public static OnnxColumn Unusable(string name, string reason, DataViewType? type = null) =>
        new(name, type, [], (_, _) => throw new NotSupportedException(reason));

    /// <summary>Makes a column that is computed from others.</summary>
    /// <param name="name">The name of the column.</param>
    /// <param name="type">Its type in ML.NET; null where it is unknown, since a source is missing.</param>
    /// <param name="sources">The columns that it is computed from, at least one.</param>
    /// <param name="step">The step that makes it, as messages name it.</param>
    /// <param name="sourceItem">The type of the sources' items that the column needs; null for any type.</param>
    /// <param name="add">Adds the nodes, given the values of the sources, and returns the name of the value.</param>
    /// <param name="annotations">The annotations, such as the values of a key.</param>
    public static OnnxColumn Computed(
        string name, DataViewType? type, OnnxColumn[] sources, string step, DataViewType? sourceItem,
        Func<OnnxGraph, string[], string> add, DataViewSchema.Annotations? annotations = null) =>
        new(name, type, sources, add) { Step = step, SourceItem = sourceItem, Annotations = annotations };

    /// <summary>Makes the concatenation of all sources.</summary>
    public static OnnxColumn Concatenation(string name, OnnxColumn[] sources)
    {
        bool isKnown = sources.All(source => source.Type is not null);
        bool isVariable = sources.Any(source => source.Width == 0);
        VectorDataViewType? type = isKnown && sources[0].Item is PrimitiveDataViewType item
            ? new VectorDataViewType(item, isVariable ? 0 : sources.Sum(source => source.Width))
            : null;
        return new OnnxColumn(name, type, sources, (graph, values) =>
            values is [var only] ? only : graph.Node("Concat", $"{name}/concatenated", values, new OnnxAttribute("axis", 1)))
        {
            IsConcatenation = true,
        };
    }

    /// <summary>Adds the nodes of the column to the graph, unless they were added before, and returns the name of its value.</summary>
    /// <exception cref="NotSupportedException">The graph can't compute the column; the message says why.</exception>
    public string AddTo(OnnxGraph graph)
    {
        if (_value is null)
        {
            // First the sources: why one of them can't be computed says more than its type.
            string[] values = [.. _sources.Select(source => source.AddTo(graph))];
            foreach (OnnxColumn source in _sources)
            {
                source.Require(SourceItem);
            }

            _value = _add(graph, values);
        }

        return _value;
    }

    /// <summary>Checks the type of the column's items.</summary>
    /// <exception cref="NotSupportedException">The items are of another type.</exception>
    public void Require(DataViewType? item)
    {
        if (item is null || Type is null)
        {
            return;
        }

        if (IsConcatenation)
        {
            foreach (OnnxColumn source in _sources)
            {
                source.Require(item);
            }
        }
        else if (!item.Equals(Item))
        {
            throw new NotSupportedException(Step is null
                ? $"The column '{Shown.Text(Name)}' of inputSchema is of the type {Type}; expected {item}, or a vector of {item} of known "
                    + $"size."
                : $"{Step} can't be written as ONNX: it makes the column '{Shown.Text(Name)}' of the type {Type}; expected {item}, or a "
                    + $"vector of {item} of known size.");
        }
    }
}
