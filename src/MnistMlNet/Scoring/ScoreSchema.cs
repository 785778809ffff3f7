using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Scoring;

/// <summary>
/// The output schema for an input schema: the input's columns, with <c>PredictedLabel</c> and <c>Score</c> added in the same way as by
/// ML.NET's own scorers.
/// </summary>
internal sealed class ScoreSchema
{
    private readonly AddedColumn[] _added;

    /// <summary>The input column of each output column; for the added column k, -1 - k.</summary>
    private readonly int[] _sources;

    public ScoreSchema(IExceptionContext context, DataViewSchema input, string featureColumnName, VectorDataViewType featureType,
        Func<uint, AddedColumn[]> createColumns)
    {
        Input = input;
        FeatureColumn = input.GetColumnOrNull(featureColumnName)
            ?? throw ColumnErrors.Missing(
                context, "inputSchema", "feature", featureColumnName,
                input.Where(column => !column.IsHidden).Select(column => column.Name));
        if (FeatureColumn.Type is not VectorDataViewType { ItemType: NumberDataViewType item } type || item != NumberDataViewType.Single
            || type.Size != featureType.Size)
        {
            throw ColumnErrors.WrongFeatures(
                context, "inputSchema", featureColumnName, $"Vector<Single, {featureType.Size}>", ColumnType.Of(FeatureColumn.Type));
        }

        var builder = new DataViewSchema.Builder();
        var sources = new List<int>();
        _added = createColumns(NextSetId(input));
        foreach (DataViewSchema.Column column in input)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
            sources.Add(column.Index);
            for (int k = 0; k < _added.Length; k++)
            {
                // Our column hides an input column of the same name, and comes directly after it.
                if (column.Name == _added[k].Name && !column.IsHidden)
                {
                    Add(k);
                }
            }
        }

        for (int k = 0; k < _added.Length; k++)
        {
            if (!sources.Contains(-1 - k))
            {
                Add(k);
            }
        }

        void Add(int k)
        {
            builder.AddColumn(_added[k].Name, _added[k].Type, _added[k].Annotations);
            sources.Add(-1 - k);
        }

        Output = builder.ToSchema();
        _sources = [.. sources];
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    public DataViewSchema.Column FeatureColumn { get; }

    /// <summary>Gets whether an output column comes from the input, and if so, the input column.</summary>
    public bool IsPassedOn(DataViewSchema.Column output, out DataViewSchema.Column input)
    {
        int source = _sources[Checked(output)];
        input = source < 0 ? default : Input[source];
        return source >= 0;
    }

    /// <summary>Gets the added column that an output column is.</summary>
    public AddedColumn Added(DataViewSchema.Column output) => _added[-1 - _sources[Checked(output)]];

    /// <summary>Gets for each output column whether it is one of <paramref name="columns"/>.</summary>
    public bool[] Active(IEnumerable<DataViewSchema.Column> columns)
    {
        bool[] active = new bool[_sources.Length];
        foreach (DataViewSchema.Column column in columns)
        {
            active[Checked(column)] = true;
        }

        return active;
    }

    /// <summary>Gets the input columns that are passed on for the active output columns.</summary>
    public IEnumerable<int> PassedOn(bool[] active) =>
        _sources.Where((source, output) => active[output] && source >= 0);

    /// <summary>Gets the input columns that the given output columns depend on.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(IEnumerable<DataViewSchema.Column> outputColumns)
    {
        bool[] needed = new bool[Input.Count];
        foreach (DataViewSchema.Column column in outputColumns)
        {
            needed[IsPassedOn(column, out DataViewSchema.Column input) ? input.Index : FeatureColumn.Index] = true;
        }

        return Input.Where(column => needed[column.Index]);
    }

    private int Checked(DataViewSchema.Column output)
    {
        if ((uint)output.Index >= (uint)_sources.Length || output.Name != Output[output.Index].Name)
        {
            throw new ArgumentException($"Column '{Shown.Text(output.Name)}' (index {output.Index}) isn't one of this schema's "
                + $"{_sources.Length} columns.", nameof(output));
        }

        return output.Index;
    }

    /// <summary>
    /// Gets the largest set id in the input plus 1. Evaluators use the set id to distinguish the columns of several scorers.
    /// </summary>
    private static uint NextSetId(DataViewSchema input)
    {
        uint largest = 0;
        foreach (DataViewSchema.Column column in input)
        {
            if (column.Annotations.Schema.GetColumnOrNull(AnnotationNames.ScoreColumnSetId)?.Type is KeyDataViewType { RawType: var raw }
                && raw == typeof(uint))
            {
                uint id = 0;
                column.Annotations.GetValue(AnnotationNames.ScoreColumnSetId, ref id);
                largest = Math.Max(largest, id);
            }
        }

        return largest + 1;
    }
}
