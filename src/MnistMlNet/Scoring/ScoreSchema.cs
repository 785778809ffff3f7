using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Data;
using MnistMlNet.Extensibility;
using MnistMlNet.Primitives;

namespace MnistMlNet.Scoring;

/// <summary>
/// The output schema for an input schema: the input's columns, with <c>PredictedLabel</c> and <c>Score</c> added in the same way as by
/// ML.NET's own scorers.
/// </summary>
internal sealed class ScoreSchema
{
    private const int PredictedLabelSource = -1;
    private const int ScoreSource = -2;

    private readonly int[] _sources;

    public ScoreSchema(IExceptionContext context, DataViewSchema input, string featureColumnName, VectorDataViewType featureType,
        int classCount, ClassLabels? labels)
    {
        Input = input;
        FeatureColumn = input.GetColumnOrNull(featureColumnName)
            ?? throw context.ExceptSchemaMismatch("inputSchema", "feature", featureColumnName);
        if (FeatureColumn.Type is not VectorDataViewType { ItemType: NumberDataViewType item } type || item != NumberDataViewType.Single
            || type.Size != featureType.Size)
        {
            throw context.ExceptSchemaMismatch("inputSchema", "feature", featureColumnName, $"Vector<Single, {featureType.Size}>",
                FeatureColumn.Type.ToString() ?? "");
        }

        var builder = new DataViewSchema.Builder();
        var sources = new List<int>();
        uint setId = NextSetId(input);
        var added = new (string Name, int Source, DataViewType Type, DataViewSchema.Annotations Annotations)[]
        {
            (AnnotationNames.PredictedLabel, PredictedLabelSource, new KeyDataViewType(typeof(uint), classCount),
                PredictedLabelAnnotations(setId, labels)),
            (AnnotationNames.Score, ScoreSource, new VectorDataViewType(NumberDataViewType.Single, classCount),
                ScoreAnnotations(setId, labels)),
        };
        foreach (DataViewSchema.Column column in input)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
            sources.Add(column.Index);
            foreach (var own in added)
            {
                // Our column hides an input column of the same name, and comes directly after it.
                if (column.Name == own.Name && !column.IsHidden)
                {
                    builder.AddColumn(own.Name, own.Type, own.Annotations);
                    sources.Add(own.Source);
                }
            }
        }

        foreach (var own in added)
        {
            if (!sources.Contains(own.Source))
            {
                builder.AddColumn(own.Name, own.Type, own.Annotations);
                sources.Add(own.Source);
            }
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

    public bool IsScore(DataViewSchema.Column output) => _sources[Checked(output)] == ScoreSource;

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

    private static DataViewSchema.Annotations PredictedLabelAnnotations(uint setId, ClassLabels? labels)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        AddText(builder, AnnotationNames.ScoreColumnKind, AnnotationNames.MulticlassClassification);
        AddText(builder, AnnotationNames.ScoreValueKind, AnnotationNames.PredictedLabel);
        labels?.AddTo(builder, AnnotationNames.KeyValues);
        AddSetId(builder, setId);
        return builder.ToAnnotations();
    }

    private static DataViewSchema.Annotations ScoreAnnotations(uint setId, ClassLabels? labels)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        AddText(builder, AnnotationNames.ScoreColumnKind, AnnotationNames.MulticlassClassification);
        AddSetId(builder, setId);
        AddText(builder, AnnotationNames.ScoreValueKind, AnnotationNames.Score);
        labels?.AddTo(builder, AnnotationNames.TrainingLabelValues);
        if (labels is not null)
        {
            // ML.NET sets slot names for text only (dotnet/machinelearning #6087), but numbers are useful names, too.
            ImmutableArray<string> texts = labels.Texts;
            ClassLabels.Create(TextDataViewType.Instance, texts.Select(text => text.AsMemory()).ToArray())
                .AddTo(builder, AnnotationNames.SlotNames);
        }

        return builder.ToAnnotations();
    }

    private static void AddText(DataViewSchema.Annotations.Builder builder, string name, string value) =>
        builder.Add(name, TextDataViewType.Instance, (ref ReadOnlyMemory<char> destination) => destination = value.AsMemory());

    private static void AddSetId(DataViewSchema.Annotations.Builder builder, uint value) =>
        builder.Add(AnnotationNames.ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), (ref uint destination) =>
            destination = value);
}
