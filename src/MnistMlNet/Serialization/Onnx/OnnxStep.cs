using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>The columns that a step reads, by the names that they have there.</summary>
/// <param name="transformer">The fitted transformer.</param>
/// <param name="description">The step, as messages name it.</param>
/// <param name="columns">All columns that the transformer reads.</param>
internal sealed class OnnxStepInputs(ITransformer transformer, string description, IReadOnlyDictionary<string, OnnxColumn> columns)
{
    private DataViewSchema? _schema;

    public ITransformer Transformer => transformer;

    public string Description => description;

    public IReadOnlyDictionary<string, OnnxColumn> Columns => columns;

    /// <summary>Makes an output column. The step is read only if the network needs the column.</summary>
    /// <param name="name">The name of the column.</param>
    /// <param name="source">The name of the column that it is made of.</param>
    /// <param name="index">The position among the output columns.</param>
    /// <param name="make">Makes the column of a step that is read.</param>
    public OnnxColumn Make(string name, string source, int index, Func<OnnxStep, OnnxColumn> make)
    {
        if (columns.Values.FirstOrDefault(column => column.Type is null) is { } unknown)
        {
            return unknown;
        }

        DataViewSchema.Column column;
        try
        {
            column = (_schema ??= transformer.GetOutputSchema(InputSchema()))[name];
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return OnnxColumn.Unusable(
                name, $"{description} can't be written as ONNX: it doesn't accept the columns before it. {e.Message}");
        }

        var step = new OnnxStep(this, source, index, column);
        return OnnxColumn.Computed(
            name, column.Type, [step.Source], description, null, (graph, _) => make(step).AddTo(graph), column.Annotations);
    }

    private DataViewSchema InputSchema()
    {
        var builder = new DataViewSchema.Builder();
        foreach ((string name, OnnxColumn column) in columns)
        {
            builder.AddColumn(name, column.Type!, column.Annotations);
        }

        return builder.ToSchema();
    }
}

/// <summary>One output column of a step, with what ML.NET's own schema says about it.</summary>
/// <param name="inputs">The columns that the step reads.</param>
/// <param name="sourceName">The name of the column of which this one is made.</param>
/// <param name="index">The position among the output columns.</param>
/// <param name="column">The output column in the schema that the transformer gives.</param>
internal sealed class OnnxStep(OnnxStepInputs inputs, string sourceName, int index, DataViewSchema.Column column)
{
    public ITransformer Transformer => inputs.Transformer;

    public int Index => index;

    public string Name => column.Name;

    public DataViewSchema.Column Column => column;

    public DataViewType Type => column.Type;

    public DataViewType Item => column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;

    public int Width => column.Type is VectorDataViewType vector ? vector.Size : 1;

    public OnnxColumn Source => inputs.Columns[sourceName];

    /// <summary>Gets the type of the source's items, of which ML.NET has made the output column.</summary>
    public DataViewType SourceItem => Source.Item!;

    /// <summary>Makes the column.</summary>
    public OnnxColumn Make(Func<OnnxGraph, string, string> add) => OnnxColumn.Computed(
        Name, Type, [Source], inputs.Description, null, (graph, values) => add(graph, values[0]));

    /// <summary>Makes a column that is refused.</summary>
    public OnnxColumn Refuse(string reason) => OnnxColumn.Unusable(
        Name, $"{inputs.Description} can't be written as ONNX: the column '{Shown.Text(Name)}' {reason}", Type);

    /// <summary>Lets the transformer map values of the source's type, or of another one.</summary>
    public TOutput[] Map<TInput, TOutput>(DataViewType type, params TInput[] values) =>
        StepProbe.Map<TInput, TOutput>(inputs.Transformer, inputs.Columns, sourceName, type, values, Name);
}
